import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../../../examples/machine-wear/seeded-random.ts';
import type { Journal } from './journal.ts';
import type { PatientClient } from './patient-client.ts';
import type { RecordSender } from './record-sender.ts';
import type { UseCase } from './use-case.ts';

export interface LoadParts {
  seed: number;
  client: PatientClient;
  sender: RecordSender;
  journal: Journal;
  /** Time between two quarters of a day of a pipeline's world. */
  tickMs: number;
}

/** Predictions are asked for as of a time for which online features have come, also after a fault: else they are served without, which Millrace rightly calls broken data. */
const quartersBehind = 8;
const runChance = 0.1;
const applyChance = 0.02;
const approvalChance = 0.5;
const askTwiceChance = 0.3;

/** Everything that people and programs do with one pipeline. What happens is the seed's; when an answer comes is the world's. */
export class Load {
  private readonly parts: LoadParts;
  readonly pipeline: UseCase;
  private readonly random: SeededRandom;
  private readonly stopping = new AbortController();
  private quarter = 0;
  private revision = 0;
  private requests = 0;
  private isFinishing = false;
  private running: Promise<void> = Promise.resolve();

  constructor(parts: LoadParts, pipeline: UseCase) {
    this.parts = parts;
    this.pipeline = pipeline;
    this.random = new SeededRandom(parts.seed + pipeline.name.length * 31 + pipeline.name.charCodeAt(pipeline.name.length - 1));
  }

  /** Applies the pipeline and sends a week of records; ends when a first model answers. */
  async begin(): Promise<void> {
    await this.apply();
    const [surprise] = this.parts.journal.surprises;
    if (surprise !== undefined) throw new Error(surprise);
    await this.until('pipeline to be active', () => this.isActive());
    await this.until('data sets to take records', () => this.takesRecords());
    for (; this.quarter < this.pipeline.launchQuarters; this.quarter += 1) await this.sendRecords(this.quarter);
    await this.until('first model', async () => (await this.ask('GET', `/v2/models/${this.pipeline.name}/ready`)).status === 200);
  }

  /** Goes on until `stop`. */
  run(): void {
    this.running = this.loop();
  }

  /** From here on only records and predictions: nothing new begins, what is open can end. */
  finish(): void {
    this.isFinishing = true;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    for (; !signal.aborted; this.quarter += 1) {
      const startedMs = Date.now();
      try {
        await Promise.all([this.sendRecords(this.quarter), this.predict(this.quarter - quartersBehind), this.requestSomething()]);
      } catch (error) {
        if (!signal.aborted) this.parts.journal.surprises.push(`the load of ${this.pipeline.name} failed: ${(error as Error).message}`);
      }
      await pause(Math.max(0, this.parts.tickMs - (Date.now() - startedMs)), undefined, { signal }).catch(() => undefined);
    }
  }

  private async sendRecords(quarter: number): Promise<void> {
    const { readings, outcomes } = this.pipeline.quarterOf(this.parts.seed, quarter);
    await this.sendTo('readings', readings);
    await this.sendTo('outcomes', outcomes);
  }

  private async sendTo(set: 'readings' | 'outcomes', records: readonly Record<string, unknown>[]): Promise<void> {
    if (records.length === 0) return;
    const dataSet = `default/${this.pipeline.sets[set]}`;
    const keyOf = (record: Record<string, unknown>): string => String(record[this.pipeline.keyColumn]);
    if (this.pipeline.door === 'kafka') {
      await this.parts.sender.send(`millrace.data.${dataSet.replace('/', '.')}`, records.map((record) => ({ key: keyOf(record), value: record })));
    } else {
      const { status, text } = await this.ask('POST', `/api/ingestion/data-sets/${dataSet}/records`, { records }, this.nextKey());
      if (status !== 202) return void this.parts.journal.surprises.push(`records for ${dataSet} were answered ${status}: ${text.slice(0, 300)}`);
    }
    this.parts.journal.acknowledged(dataSet, records.map(keyOf));
  }

  private async predict(quarter: number): Promise<void> {
    const records = this.pipeline.quarterOf(this.parts.seed, quarter).readings;
    if (records.length === 0) return;
    const { status, text } = await this.ask('POST', `/api/inference/predictions/default/${this.pipeline.name}`, { records });
    if (status !== 200) return void this.parts.journal.surprises.push(`predictions of ${this.pipeline.name} were answered ${status}: ${text.slice(0, 300)}`);
    const { predictions } = JSON.parse(text) as { predictions: { predictionId: string }[] };
    for (const { predictionId } of predictions) this.parts.journal.predictions.push({ dataSet: `default/${this.pipeline.name}.predictions`, predictionId, durable: this.pipeline.logging === 'durable' });
  }

  private async requestSomething(): Promise<void> {
    const [run, apply, approve] = [this.random.uniform(), this.random.uniform(), this.random.uniform()];
    if (this.pipeline.approval === 'person' && approve < approvalChance) await this.approve();
    if (this.isFinishing) return;
    if (run < runChance) await this.request('a run', `/api/training/pipelines/default/${this.pipeline.name}/runs`, { reason: `run of quarter ${this.quarter}` }, 'millrace.training.trigger.decided.v1', 202);
    if (apply < applyChance) await this.apply();
  }

  private async apply(): Promise<void> {
    this.revision += 1;
    await this.request(`revision ${this.revision} of ${this.pipeline.name}`, '/api/registry/pipelines', { project: 'default', source: this.pipeline.fileOf(this.revision), code: this.pipeline.code }, 'millrace.registry.pipeline.applied.v1', 200);
  }

  private async approve(): Promise<void> {
    const { text } = await this.ask('GET', `/api/registry/model-versions?pipeline=default%2F${this.pipeline.name}&stage=awaiting-approval`);
    const { modelVersions = [] } = JSON.parse(text) as { modelVersions?: { modelVersion: number }[] };
    for (const { modelVersion } of modelVersions) {
      await this.request(`approval of version ${modelVersion}`, `/api/registry/model-versions/default/${this.pipeline.name}/${modelVersion}/approvals`, { note: 'as good as the others' }, 'millrace.registry.model-version.approved.v1', 201, 'not-awaiting-approval');
    }
  }

  /** One request, asked until it is answered; some are asked once more afterwards, and must be answered the same. Broken data may take back what it is about: then it is refused with that code. */
  private async request(what: string, path: string, body: object, makes: string, expected: number, refusal?: string): Promise<void> {
    const key = this.nextKey();
    const isAskedTwice = this.random.uniform() < askTwiceChance;
    for (let times = 0; times < (isAskedTwice ? 2 : 1); times += 1) {
      const { status, text } = await this.ask('POST', path, body, key);
      if (times === 0 && refusal !== undefined && status === 409 && text.includes(refusal)) return;
      if (status !== expected) return void this.parts.journal.surprises.push(`${what} of ${this.pipeline.name} was answered ${status}: ${text.slice(0, 300)}`);
      this.parts.journal.answered(key, what, makes, text);
    }
  }

  private nextKey(): string {
    this.requests += 1;
    return `${this.pipeline.name}-${this.requests}`;
  }

  private ask(method: 'GET' | 'POST', path: string, body?: object, key?: string): ReturnType<PatientClient['ask']> {
    return this.parts.client.ask(method, path, { signal: this.stopping.signal, ...(body === undefined ? {} : { body }), ...(key === undefined ? {} : { key }) });
  }

  private async isActive(): Promise<boolean> {
    const { text } = await this.ask('GET', `/api/registry/pipelines/default/${this.pipeline.name}`);
    return (JSON.parse(text) as { activeVersion?: number | null }).activeVersion === this.revision;
  }

  /** Services hear of the activation one after another. */
  private async takesRecords(): Promise<boolean> {
    const answers = await Promise.all(Object.values(this.pipeline.sets).map((set) => this.ask('GET', `/api/ingestion/data-sets/default/${set}`)));
    return answers.every(({ status, text }) => status === 200 && (JSON.parse(text) as { pipelineVersion?: number | null }).pipelineVersion === this.revision);
  }

  private async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (!(await isSo())) {
      if (Date.now() > deadline) throw new Error(`${this.pipeline.name}: waited two minutes for the ${what}`);
      await pause(200);
    }
  }
}
