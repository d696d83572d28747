import type { UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { announceMaterialized } from '../use-cases/announce-materialized.js';
import { pruneTiles } from '../use-cases/prune-tiles.js';

const SHORTEST_MS = 1_000;
const INTERVAL_MS = 30_000;
const PRUNE_MS = 3_600_000;

/** Tells how far online values are, at most once a second and while they move, and removes old tiles once an hour. */
export class TileWorkers {
  private readonly announcer: Worker;
  private announcedAtMs = 0;

  constructor(
    workers: Workers,
    private readonly work: UnitOfWork,
  ) {
    this.announcer = workers.add({ name: 'announce-materialized', intervalMs: INTERVAL_MS, run: () => this.announce() });
    workers.add({ name: 'prune-tiles', intervalMs: PRUNE_MS, run: () => pruneTiles(work) });
  }

  /** Online values have moved. */
  valuesMoved(): void {
    this.announcer.wake();
  }

  private async announce(): Promise<number | boolean> {
    const waitMs = this.announcedAtMs + SHORTEST_MS - Date.now();
    if (waitMs > 0) return waitMs;
    if (await announceMaterialized(this.work)) this.announcedAtMs = Date.now();
    return false;
  }
}
