import type { PlatformClient } from './platform-client.ts';
import type { PublicEvents } from './public-events.ts';

type DataRecord = Record<string, string | number>;
/** A message for a data set's topic, sent as it is. */
export interface Message { key: string | null; value: string }

/** Which data sets a pipeline's world consists of, and how one of its predictions is asked for. */
export interface ReplayPlan {
  pipeline: string;
  predictions: { dataSet: string; key: string; tensors: Record<string, 'BYTES' | 'FP64' | 'INT64'> };
  labels: { dataSet: string; key: string };
}

/** One day of the world: what happened, and what became known of earlier events. `bad` messages are mixed in behind the records. */
export interface ReplayDay { date: string; records: DataRecord[]; labels: DataRecord[]; bad?: Message[] }

const predictionsPerRequest = 250;

/** Replays days: records to their topics in order of time, then the day's predictions, each asked as of its event time. It waits only for what any client can see and triggers nothing. */
export class Replay {
  private readonly plan: ReplayPlan;
  private readonly client: PlatformClient;
  private readonly events: PublicEvents;
  private previousDate: string | null = null;

  constructor(plan: ReplayPlan, client: PlatformClient, events: PublicEvents) {
    this.plan = plan;
    this.client = client;
    this.events = events;
  }

  /** Publishes a day's records without asking for predictions. */
  async publish(day: ReplayDay): Promise<Map<number, bigint>> {
    const { predictions, labels } = this.plan;
    await this.client.publish(predictions.dataSet, [...day.records.map((record) => message(record, predictions.key)), ...(day.bad ?? [])]);
    return this.client.publish(labels.dataSet, day.labels.map((record) => message(record, labels.key)));
  }

  async day(day: ReplayDay): Promise<void> {
    const labelsEnd = await this.publish(day);
    await this.untilFresh(labelsEnd);
    await this.predict(day.records);
    if (this.previousDate !== null) await this.untilJudged(this.previousDate);
    this.previousDate = day.date;
    await this.whileTraining();
  }

  /** The replay's clock stands while a run is under way: from run.requested until its model version is refused or rolling out, or the run failed. */
  async whileTraining(): Promise<void> {
    for (const { data: { run } } of this.events.all('millrace.training.run.requested.v1')) {
      const end = await this.events.first(`run ${run} to end`, 300_000, (event) => event.data.run === run && endsRun.has(event.type));
      if (end.type === approved) await this.events.first(`version ${end.data.modelVersion} to be rolled out`, 60_000, (event) => event.type === rolloutStarted && event.data.modelVersion === end.data.modelVersion);
    }
  }

  private async predict(records: DataRecord[]): Promise<void> {
    const model = this.plan.pipeline.replace('/', '.');
    for (let start = 0; start < records.length; start += predictionsPerRequest) {
      const rows = records.slice(start, start + predictionsPerRequest);
      const inputs = Object.entries(this.plan.predictions.tensors).map(([name, datatype]) => ({ name, datatype, shape: [rows.length, 1], data: rows.map((row) => row[name]) }));
      await this.client.post(`/v2/models/${model}/infer`, { inputs });
    }
  }

  /** Until the serving process has every label published so far: the features of this day's predictions are then complete. */
  private async untilFresh(end: Map<number, bigint>): Promise<void> {
    const dataSet = `${this.plan.pipeline.split('/')[0]}/${this.plan.labels.dataSet}`;
    await until('online features to catch up', 60_000, async () => {
      const { views } = await this.client.get<Freshness>('/api/inference/freshness');
      const partitions = views.flatMap((view) => view.dataSets).filter((source) => source.dataSet === dataSet).flatMap((source) => source.partitions);
      return [...end].every(([partition, offset]) => offset === 0n || partitions.some((seen) => seen.partition === partition && BigInt(seen.sourceOffset) >= offset - 1n));
    });
  }

  /** A day can be judged once the next day's predictions and labels have moved both clocks past it. */
  private async untilJudged(date: string): Promise<void> {
    await until(`monitoring to judge ${date}`, 60_000, async () => {
      const { windows } = await this.client.get<Windows>(`/api/monitoring/pipelines/${this.plan.pipeline}/windows?limit=5`);
      return windows.some(({ window, incident, outcome }) => window.from.slice(0, 10) === date && (incident !== null || outcome !== null));
    });
  }
}

interface Freshness { views: { dataSets: { dataSet: string; partitions: { partition: number; sourceOffset: number }[] }[] }[] }
interface Windows { windows: { window: { from: string }; incident: string | null; outcome: object | null }[] }

const approved = 'millrace.registry.model-version.approved.v1';
const rolloutStarted = 'millrace.deployment.rollout.started.v1';
const endsRun = new Set([approved, 'millrace.registry.model-version.rejected.v1', 'millrace.training.run.failed.v1', 'millrace.feature-store.training-set.refused.v1']);

function message(record: DataRecord, key: string): Message {
  return { key: String(record[key]), value: JSON.stringify(record) };
}

async function until(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}. See the logs named above.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
