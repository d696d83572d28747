import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataLane, KafkaConnection, Logger, Metrics, RecordProducer, Settings, UnitOfWork, Workers } from '@millrace/runtime';
import type { Backlog, LaneBatch, Worker } from '@millrace/runtime';
import { acceptedTopicOf, dataTopicOf } from '../data-set-names.js';
import { DataSetRow, isActive } from '../store/data-set.row.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { laneOf } from '../lane-of.js';
import { DataSetIntake } from './data-set-intake.js';
import { IntakeBudget } from './intake-budget.js';
import { SegmentStager } from './segment-stager.js';

const REFRESH_MS = 10_000;
const MEBIBYTE = 2 ** 20;
/** What one partition may take before the others of its lane have their turn. */
const PARTITION_FETCH_BYTES = 4 * MEBIBYTE;

/** Reads every active data set's topic, in lanes: a consumer group each, as a running group cannot take a new topic and a new data set must not stop all others. */
@Injectable()
export class DataPlane implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly intakes = new Map<string, DataSetIntake>();
  private readonly lanes: DataLane[];
  private readonly budget: IntakeBudget;
  private readonly count: (outcome: 'accepted' | 'quarantined', records: number) => void;
  private readonly refresher: Worker;

  constructor(
    private readonly work: UnitOfWork,
    private readonly stager: SegmentStager,
    private readonly producer: RecordProducer,
    @Inject(Settings) private readonly settings: Settings<'ingestion'>,
    @Inject(Logger) private readonly logger: Logger,
    kafka: KafkaConnection,
    workers: Workers,
    metrics: Metrics,
  ) {
    this.count = metrics.counter('records_total', 'Records taken from data topics by what became of them: accepted, quarantined', 'outcome');
    this.budget = new IntakeBudget(settings.heldMegabytes * MEBIBYTE);
    metrics.gauge('held_bytes', 'Memory that records of all data sets take before they are staged', () => this.budget.bytes);
    this.lanes = Array.from({ length: settings.lanes }, (_, lane) => new DataLane(kafka, {
      group: `millrace.ingestion.data.${lane}`,
      handle: (batch) => this.take(batch),
      resumeAt: (topic, partition) => this.resumeAt(topic, partition),
      partitionFetchBytes: PARTITION_FETCH_BYTES,
    }));
    this.refresher = workers.add({ name: 'data-sets', intervalMs: REFRESH_MS, everyReplica: true, run: () => this.refresh() });
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.start()));
    this.refresher.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
    await Promise.all([...this.intakes.values()].map((intake) => intake.stop()));
  }

  /** Looks for data sets that are new or have a new version of their pipeline. */
  wake(): void {
    this.refresher.wake();
  }

  private async refresh(): Promise<void> {
    const rows = await this.work.read((tx) => tx.findMany(DataSetRow, {}));
    const active = rows.filter(isActive);
    for (const row of active) this.renew(row);
    await Promise.all(this.lanes.map((lane, index) => lane.setTopics(active.filter((row) => laneOf(row.dataSet, this.lanes.length) === index).map((row) => dataTopicOf(row.dataSet)))));
  }

  private renew(row: ActiveDataSet): void {
    const topic = dataTopicOf(row.dataSet);
    const known = this.intakes.get(topic);
    if (known) return known.renew(row);
    const { segmentRows, segmentBytes, segmentLagMs, segmentAgeMs, recordBytes } = this.settings;
    const limits = { rows: segmentRows, bytes: segmentBytes, lagMs: segmentLagMs, ageMs: segmentAgeMs, recordBytes };
    this.logger.info({ dataSet: row.dataSet, pipelineVersion: row.pipelineVersion, accepted: acceptedTopicOf(row.dataSet, row.kind) }, 'a data set takes records');
    this.intakes.set(topic, new DataSetIntake(row, { stager: this.stager, producer: this.producer, logger: this.logger, budget: this.budget, count: this.count, limits }));
  }

  private async resumeAt(topic: string, partition: number): Promise<bigint | null> {
    return (await this.intakes.get(topic)?.resume(partition)) ?? null;
  }

  private async take(batch: LaneBatch): Promise<Backlog | void> {
    await this.budget.room();
    return this.intakes.get(batch.topic)?.take(batch);
  }
}
