import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDb, sqlLiteral } from '@millrace/storage';
import type { Place } from './facts.ts';

interface Action {
  add?: { path: string };
  remove?: { path: string };
}

/** Places of the rows that a data set's Delta table holds now, read from its log and its files as any reader of the format would. */
export async function readPublished(objects: string, dataSet: string): Promise<Place[]> {
  const table = join(objects, 'data-sets', dataSet, 'table');
  const files = liveFiles(join(table, '_delta_log')).map((path) => join(table, path));
  if (files.length === 0) return [];
  const database = await DuckDb.open({ memoryLimitMegabytes: 256 });
  try {
    const rows = await database.query<{ partition: number; offset: number }>(`select "_partition"::integer as partition, "_offset"::integer as "offset" from read_parquet([${files.map(sqlLiteral).join(', ')}], union_by_name = true)`);
    return rows;
  } finally {
    await database.close();
  }
}

/** Every entry of the log from the first: whatever its checkpoints say, the entries are what was committed. */
function liveFiles(log: string): string[] {
  if (!existsSync(log)) return [];
  const live = new Set<string>();
  for (const entry of readdirSync(log).filter((name) => /^\d{20}\.json$/.test(name)).sort()) {
    for (const line of readFileSync(join(log, entry), 'utf8').trim().split('\n')) {
      const { add, remove } = JSON.parse(line) as Action;
      if (add) live.add(decodeURIComponent(add.path));
      if (remove) live.delete(decodeURIComponent(remove.path));
    }
  }
  return [...live];
}
