import { Injectable } from '@nestjs/common';
import { Metrics, UnitOfWork } from '@millrace/runtime';

/** What operators watch: segments that wait, how long the oldest does, and the size of the quarantine. Read when Prometheus asks. */
@Injectable()
export class IngestionGauges {
  constructor(
    private readonly work: UnitOfWork,
    metrics: Metrics,
  ) {
    metrics.gauge('waiting_segments', 'Segments that await their verdict or their publication', () => this.read(`select count(*)::int as value ${WAITING}`));
    metrics.gauge('oldest_waiting_segment_seconds', 'Age of the oldest segment that is not published', () =>
      this.read(`select coalesce(extract(epoch from now() - min(staged_at)), 0)::float8 as value ${WAITING}`),
    );
    metrics.gauge('quarantined_records', 'Records in quarantine that were not sent again', () => this.read('select count(*)::int as value from quarantined_records where replayed_at is null'));
  }

  private async read(sql: string): Promise<number> {
    const [row] = await this.work.read((tx) => tx.query<{ value: number }>(sql));
    return row?.value ?? 0;
  }
}

const WAITING = "from segments where state in ('staged', 'accepted')";
