import { DataLane, KafkaConnection, Settings, Topics, UnitOfWork, Workers } from '@millrace/runtime';
import type { RecordBatch } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { allTypes, auditedTopics } from '../governance.events.js';
import { appendAuditEntries } from '../use-cases/append-audit-entries.js';

/** How often a reader that could not begin (Kafka away) tries again at the latest. */
const RETRY_MS = 30_000;

/** Reads every lifecycle topic in batches into the audit log. The log's own table says where to go on. */
@Injectable()
export class AuditReader {
  readonly #lane: DataLane;
  readonly #stepTimeMs: number;

  constructor(
    private readonly work: UnitOfWork,
    private readonly topics: Topics,
    kafka: KafkaConnection,
    @Inject(Settings) settings: Settings<'governance'>,
  ) {
    this.#stepTimeMs = settings.stepTimeMs;
    this.#lane = new DataLane(kafka, {
      group: 'millrace.governance.data.audit',
      handle: (batch) => this.append(batch),
      resumeAt: (topic, partition) => work.positionOf(topic, partition),
    });
  }

  /** Creates the topics that are missing, those of governance's own events among them, and begins. */
  async start(): Promise<void> {
    await this.topics.ensureEvents(allTypes);
    await this.#lane.setTopics(auditedTopics);
    await this.#lane.start();
  }

  private async append(batch: RecordBatch): Promise<void> {
    await this.work.runBatch(batch, (tx, records) => appendAuditEntries(tx, records, this.#stepTimeMs));
  }
}

/** Starts the reader in every process of the service; partitions are shared among them. */
export function startAuditReader(workers: Workers, reader: AuditReader): void {
  workers.add({ name: 'audit-reader', intervalMs: RETRY_MS, everyReplica: true, run: () => reader.start() });
}
