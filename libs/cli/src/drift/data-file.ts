import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { sqlLiteral } from '@millrace/storage';

/** What pandas takes for a missing value in a CSV file, so that both read the same. */
const missingWords = ['', '#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA', 'NULL', 'NaN', 'None', 'n/a', 'nan', 'null'];

/**
 * SQL that reads a Parquet or CSV file (also gzipped), by its name.
 * @param sampleRows rows of a CSV file from which the types of its columns are taken; -1 for all
 * @throws MillraceError `file-not-found`, `invalid-request`
 */
export function sqlOfFile(path: string, sampleRows = -1): string {
  if (!existsSync(path)) throw new MillraceError('file-not-found', `There is no file ${path}`);
  const kind = extname(path.replace(/\.(gz|zst)$/, ''));
  if (kind === '.parquet') return `read_parquet(${sqlLiteral(path)})`;
  if (kind === '.csv' || kind === '.tsv') return `read_csv(${sqlLiteral(path)}, header = true, sample_size = ${sampleRows}, nullstr = [${missingWords.map(sqlLiteral).join(', ')}])`;
  throw new MillraceError('invalid-request', `${path} is neither .parquet nor .csv`);
}

export function isCsv(path: string): boolean {
  return !path.endsWith('.parquet');
}
