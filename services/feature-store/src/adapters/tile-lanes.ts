import { acceptedTopicOf, featureValueTopic } from '@millrace/decisions';
import { DataLane } from '@millrace/runtime';
import type { KafkaConnection, RecordBatch, Settings, Topics, UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { foldRecords } from '../use-cases/fold-records.js';
import { tileSources } from '../use-cases/tile-sources.js';
import type { TileSource } from '../use-cases/tile-sources.js';
import type { TileWorkers } from './tile-workers.js';

const INTERVAL_MS = 10_000;

/** Reads the accepted records of the data sets that feed aggregates and folds them into tiles. A data set belongs to one lane, by the hash of its id. */
export class TileLanes {
  readonly worker: Worker;
  private readonly lanes: DataLane[];
  private sources = new Map<string, TileSource>();
  private isStarted = false;

  constructor(
    private readonly parts: { kafka: KafkaConnection; topics: Topics; work: UnitOfWork; settings: Settings<'feature-store'> },
    workers: Workers,
    private readonly tileWorkers: TileWorkers,
  ) {
    const { kafka, work, settings } = parts;
    this.lanes = Array.from(
      { length: settings.lanes },
      (_, lane) => new DataLane(kafka, { group: `millrace.feature-store.data.${lane}`, handle: (batch) => this.fold(batch), resumeAt: (topic, partition) => work.positionOf(topic, partition) }),
    );
    this.worker = workers.add({ name: 'follow-feature-sources', intervalMs: INTERVAL_MS, everyReplica: true, run: () => this.follow() });
  }

  /** Brings the lanes' topics in line with the views that are active now. */
  private async follow(): Promise<void> {
    await this.parts.topics.ensure([{ topic: featureValueTopic, partitions: 1, config: { 'cleanup.policy': 'compact' } }]);
    const sources = await this.parts.work.read(tileSources);
    this.sources = new Map([...sources.values()].map((source) => [acceptedTopicOf(source.dataSet.id), source]));
    await this.parts.topics.ensure([...this.sources].map(([topic, { dataSet }]) => ({ topic, partitions: dataSet.partitions ?? this.parts.settings.defaultPartitions })));
    const topics = [...this.sources.keys()];
    await Promise.all(this.lanes.map((lane, index) => lane.setTopics(topics.filter((topic) => hashOf(topic) % this.lanes.length === index))));
    if (!this.isStarted) await Promise.all(this.lanes.map((lane) => lane.start()));
    this.isStarted = true;
  }

  private async fold(batch: RecordBatch): Promise<void> {
    const source = this.sources.get(batch.topic);
    if (source) await this.parts.work.runBatch(batch, (tx, records) => foldRecords(tx, source, batch.partition, records, () => this.tileWorkers.valuesMoved()));
  }
}

/** FNV-1a over the topic's name. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of Buffer.from(text)) hash = Math.imul(hash ^ character, 0x01000193) >>> 0;
  return hash;
}
