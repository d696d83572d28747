import { DataLane, KafkaConnection, Settings, Topics, UnitOfWork } from '@millrace/runtime';
import type { RecordBatch } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { allTypes, auditedTopics } from '../governance.events.js';
import { appendAuditEntries } from '../use-cases/append-audit-entries.js';

/** Reads every lifecycle topic in batches into the audit log. The log's own database says where to go on. Partitions are shared among replicas. */
@Injectable()
export class AuditReader {
  readonly #lane: DataLane;
  readonly #stepTimeMs: number;
  #grown: () => void = () => undefined;

  constructor(
    private readonly work: UnitOfWork,
    private readonly topics: Topics,
    kafka: KafkaConnection,
    @Inject(Settings) settings: Settings<'governance'>,
  ) {
    this.#stepTimeMs = settings.stepTimeMs;
    this.#lane = new DataLane(kafka, {
      group: 'millrace.governance.data.audit',
      handle: (batch) => this.#append(batch),
      resumeAt: (topic, partition) => work.positionOf(topic, partition),
    });
  }

  /** Creates the topics that are missing, those of governance's own events among them, and begins. @param grown called after each append */
  async start(grown: () => void): Promise<void> {
    this.#grown = grown;
    await this.topics.ensureEvents(allTypes);
    await this.#lane.setTopics(auditedTopics);
    await this.#lane.start();
  }

  async #append(batch: RecordBatch): Promise<void> {
    await this.work.runBatch(batch, (tx, records) => appendAuditEntries(tx, records, this.#stepTimeMs));
    this.#grown();
  }
}
