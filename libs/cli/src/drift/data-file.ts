import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { sqlLiteral } from '@millrace/storage';

/** What pandas takes for a missing value in a CSV file, so that both read the same. */
const missingWords = ['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'];

/**
 * SQL that reads a Parquet or CSV file (also gzipped), by its name; the types of a CSV file's columns are taken from all of its rows.
 * @throws MillraceError `file-not-found`, `invalid-request`
 */
export function sqlOfFile(path: string): string {
  return formatOf(path) === 'parquet' ? `read_parquet(${sqlLiteral(path)})` : csv(path, 'sample_size = -1');
}

/** The same for a stream that is read once: every column of a CSV file is text. */
export function sqlOfStream(path: string): string {
  return formatOf(path) === 'parquet' ? `read_parquet(${sqlLiteral(path)})` : csv(path, 'all_varchar = true');
}

export function isCsv(path: string): boolean {
  return formatOf(path) === 'csv';
}

function formatOf(path: string): 'parquet' | 'csv' {
  if (!existsSync(path)) throw new MillraceError('file-not-found', `There is no file ${path}`);
  const ending = extname(path.replace(/\.(gz|zst)$/, ''));
  if (ending === '.parquet') return 'parquet';
  if (ending === '.csv' || ending === '.tsv') return 'csv';
  throw new MillraceError('invalid-request', `${path} is neither .parquet nor .csv`);
}

function csv(path: string, types: string): string {
  return `read_csv(${sqlLiteral(path)}, header = true, ${types}, nullstr = [${missingWords.map(sqlLiteral).join(', ')}])`;
}
