import { open, stat } from 'node:fs/promises';
import type { Artifact } from '@millrace/contracts';
import { putContent } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';

const keptBytes = 1_048_576;

/** What training commands printed. */
export class RunLogs {
  constructor(private readonly objects: ObjectStore) {}

  /** Stores the last megabyte of a log; null when nothing was printed. */
  async store({ definition }: RunRow, path: string): Promise<Artifact | null> {
    const size = await stat(path).then((found) => found.size, () => 0);
    if (size === 0) return null;
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(Math.min(size, keptBytes));
      await file.read(bytes, 0, bytes.length, size - bytes.length);
      return await putContent(this.objects, `${definition.project}/logs`, bytes, '.log');
    } finally {
      await file.close();
    }
  }
}
