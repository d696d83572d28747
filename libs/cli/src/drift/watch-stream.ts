import { MillraceError } from '@millrace/contracts';
import type { ChangeDetector } from '@millrace/decisions';
import { DuckDb, sqlIdentifier } from '@millrace/storage';
import { isCsv, sqlOfStream } from './data-file.js';

export interface StreamDetections {
  /** Rows of the file. */
  rows: number;
  /** 0-based row numbers at which the detector fired. */
  indices: number[];
  /** Row numbers at which it warned. */
  warnings: number[];
  /** Rows without a finite number, which the detector did not see. */
  skipped: { missing: number; infinite: number };
}

const memoryMegabytes = 256;

/**
 * Feeds one column of a CSV or Parquet file to a detector, row by row in file order, in flat memory.
 * @param errorsOnly whether the detector takes 0 and 1 alone
 * @throws MillraceError `file-not-found`, `invalid-request` when the column is missing or holds no numbers
 */
export async function watchStream(path: string, column: string, detector: ChangeDetector, errorsOnly: boolean): Promise<StreamDetections> {
  const relation = sqlOfStream(path);
  const found: StreamDetections = { rows: 0, indices: [], warnings: [], skipped: { missing: 0, infinite: 0 } };
  const duckDb = await DuckDb.open({ memoryLimitMegabytes: memoryMegabytes });
  try {
    await duckDb.session(async (session) => {
      requireColumn(await session.query(`DESCRIBE FROM ${relation}`), path, column);
      for await (const [values = new Float64Array()] of session.streamNumbers(`SELECT CAST(${sqlIdentifier(column)} AS DOUBLE) FROM ${relation}`)) {
        for (const value of values) {
          feed(detector, value, found, errorsOnly);
          found.rows += 1;
        }
      }
    });
  } finally {
    await duckDb.close();
  }
  return found;
}

function feed(detector: ChangeDetector, value: number, found: StreamDetections, errorsOnly: boolean): void {
  if (Number.isNaN(value)) found.skipped.missing += 1;
  else if (!Number.isFinite(value)) found.skipped.infinite += 1;
  else {
    if (errorsOnly && value !== 0 && value !== 1) throw new MillraceError('invalid-request', `Row ${found.rows} holds ${value}; this detector watches errors, 1 for a wrong prediction and 0 for a right one.`);
    const detection = detector.update(value);
    if (detection === 'drift') found.indices.push(found.rows);
    if (detection === 'warning') found.warnings.push(found.rows);
  }
}

function requireColumn(columns: readonly object[], path: string, wanted: string): void {
  const described = columns as { column_name: string; column_type: string }[];
  const column = described.find(({ column_name: name }) => name === wanted);
  if (column === undefined) throw new MillraceError('invalid-request', `${path} has no column ${wanted}; it has: ${described.map(({ column_name: name }) => name).join(', ')}.`);
  if (!isCsv(path) && /^(VARCHAR|DATE|TIME|BLOB|STRUCT|MAP)|\[\]$/.test(column.column_type)) throw new MillraceError('invalid-request', `Column ${wanted} of ${path} is ${column.column_type}; a detector takes numbers.`);
}
