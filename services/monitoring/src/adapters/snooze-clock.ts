import { Injectable } from '@nestjs/common';
import { timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import { IncidentRow } from '../store/incident.row.js';
import { wakeAlert } from '../use-cases/attend-alert.js';

const INTERVAL_MS = 15_000;

/** Raises snoozed alerts again when their time is over. */
@Injectable()
export class SnoozeClock {
  constructor(
    private readonly work: UnitOfWork,
    workers: Workers,
  ) {
    workers.add({ name: 'wake-alerts', intervalMs: INTERVAL_MS, run: () => this.run() });
  }

  /** @returns milliseconds until the next snooze is over, when that is sooner than the interval */
  private async run(): Promise<number | undefined> {
    const rows = await this.work.read((tx) => tx.findMany(IncidentRow, { where: { state: 'raised' } }));
    const snoozed = rows.flatMap((row) => (row.attention.state === 'snoozed' && row.attention.until !== null ? [{ row, untilMs: Date.parse(row.attention.until) }] : []));
    const nowMs = Date.now();
    for (const { row, untilMs } of snoozed) if (untilMs <= nowMs) await this.work.run(timerCause({ name: 'monitoring', ...row.cascade }), (tx) => wakeAlert(tx, row));
    const waits = snoozed.flatMap(({ untilMs }) => (untilMs > nowMs ? [untilMs - nowMs + 1] : []));
    return waits.length > 0 ? Math.min(INTERVAL_MS, ...waits) : undefined;
  }
}
