import { featureValueKeyOf, featureValueTopic, progressKeyOf } from '@millrace/decisions';
import type { FeatureProgress, OnlineTile } from '@millrace/decisions';
import { TopicFollower, eventOfRecord } from '@millrace/runtime';
import type { DataRecord, KafkaConnection, Readiness, Topics, Workers } from '@millrace/runtime';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { OnlineTiles } from './online-tiles.js';
import type { AnnouncedRoute, RouteTable } from './route-table.js';
import type { StateDirectory } from './state-directory.js';

const ROUTE_TOPIC = 'millrace.deployment.route';
const ROUTES_FILE = 'routes.json';
const TILES_FILE = 'tiles.ndjson';
const KEEP_MS = 60_000;
const RETRY_MS = 5_000;

interface Parts {
  kafka: KafkaConnection;
  topics: Topics;
  state: StateDirectory;
}

/** Keeps routes and online tiles in memory current from Kafka, and on disk for a start while Kafka is away. */
export class LiveState implements OnModuleInit, OnModuleDestroy {
  /** Whether what was on the topics at the start has been read. */
  isCaughtUp = false;
  private isRestored = false;
  private keptChanges = 0;
  private readonly takenOffsets = new Map<string, bigint>();
  private readonly follower: TopicFollower;

  constructor(
    private readonly parts: Parts,
    readonly routes: RouteTable,
    readonly tiles: OnlineTiles,
    { workers, readiness }: { workers: Workers; readiness: Readiness },
  ) {
    this.follower = new TopicFollower(parts.kafka, { topics: [ROUTE_TOPIC, featureValueTopic], name: 'inference', onRecord: (record) => this.take(record) });
    void this.follower.caughtUp.then(() => {
      this.isCaughtUp = true;
    });
    workers.add({ name: 'follow-topics', intervalMs: RETRY_MS, everyReplica: true, run: () => this.follow() });
    workers.add({ name: 'load-models', intervalMs: RETRY_MS, everyReplica: true, run: () => routes.retry() });
    workers.add({ name: 'keep-state', intervalMs: KEEP_MS, everyReplica: true, run: () => this.keep() });
    readiness.add({ name: 'routes-and-features', check: () => (this.isReady ? undefined : 'Routes and online features have not been read yet') });
  }

  /** Whether predictions can be answered: from what was read now, or from what was kept while Kafka is away. */
  get isReady(): boolean {
    return this.isCaughtUp || this.isRestored;
  }

  /** Milliseconds since Kafka was last seen to answer; null before that. */
  get staleMs(): number | null {
    const { heardAtMs } = this.follower;
    return heardAtMs === null ? null : Math.max(0, Date.now() - heardAtMs);
  }

  async onModuleInit(): Promise<void> {
    const routes = await this.parts.state.read(ROUTES_FILE);
    const tiles = await this.parts.state.read(TILES_FILE);
    for (const line of tiles?.toString('utf8').split('\n') ?? []) if (line !== '') this.restoreTile(JSON.parse(line) as OnlineTile | FeatureProgress);
    for (const route of routes ? (JSON.parse(routes.toString('utf8')) as AnnouncedRoute[]) : []) await this.routes.apply(route);
    this.isRestored = routes !== undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.keep();
  }

  /** Topics must exist to be followed; Kafka may be away at the start. */
  private async follow(): Promise<void> {
    await this.parts.topics.ensureEvents(['millrace.deployment.route.changed.v1']);
    await this.parts.topics.ensure([{ topic: featureValueTopic, partitions: 1, config: { 'cleanup.policy': 'compact' } }]);
    await this.follower.start();
  }

  /** After a lost connection everything comes again from the beginning; what is known already would bring older values back for a while. */
  private async take(record: DataRecord): Promise<void> {
    const place = `${record.topic}/${record.partition}`;
    if (record.offset <= (this.takenOffsets.get(place) ?? -1n)) return;
    this.takenOffsets.set(place, record.offset);
    if (record.topic === featureValueTopic) {
      this.tiles.apply(record.key ?? '', record.value === null ? null : (JSON.parse(record.value.toString('utf8')) as OnlineTile | FeatureProgress));
      return;
    }
    const event = eventOfRecord(record);
    if (event.type !== 'millrace.deployment.route.changed.v1') return;
    await this.routes.apply({ data: event.data, pipelineVersion: event.pipelineVersion ?? event.data.targets[0]?.serving.featureView.version ?? 1 });
    await this.keepRoutes();
  }

  private restoreTile(value: OnlineTile | FeatureProgress): void {
    this.tiles.apply(value.kind === 'tile' ? featureValueKeyOf(value) : progressKeyOf(value.dataSet, value.partition), value);
  }

  private async keep(): Promise<void> {
    if (!this.parts.state.isKept || this.keptChanges === this.tiles.changes) return;
    this.keptChanges = this.tiles.changes;
    await this.parts.state.writeLines(TILES_FILE, this.tiles.values());
  }

  private keepRoutes(): Promise<void> {
    return this.parts.state.write(ROUTES_FILE, JSON.stringify(this.routes.announcements()));
  }
}
