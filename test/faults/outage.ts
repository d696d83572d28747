import { setTimeout as pause } from 'node:timers/promises';
import { platformSecrets, services, startPlatform } from '@millrace/infra';
import { tokenFor } from '@millrace/testing';
import type { Finding } from './check/facts.ts';
import { readTopics } from './check/read-topics.ts';
import type { UseCase } from './load/use-case.ts';
import type { FaultyPlatform } from './platform/faulty-platform.ts';
import type { Timeline } from './timeline.ts';

export interface OutageOptions {
  seed: number;
  outageMs: number;
  /** Time between two requests of a pipeline. */
  everyMs: number;
  pipelines: readonly UseCase[];
  timeline: Timeline;
}

export interface OutageOutcome {
  findings: Finding[];
  asked: number;
  answered: number;
  /** Durable predictions that were answered while the others were gone. */
  durable: string[];
  latencyP99Ms: number;
  /** What the last answer said about its age. */
  lastStaleMs: number | null;
}

interface Answer {
  status: number;
  ms: number;
  staleMs: number | null;
  ids: string[];
  isDurable: boolean;
}

const mostMs = 5_000;
const backMs = 60_000;

/** Ends everything but inference and asks it for predictions the whole time; then kills it as well. */
export async function predictThroughOutage(platform: FaultyPlatform, options: OutageOptions): Promise<OutageOutcome> {
  const { timeline, outageMs } = options;
  const secrets = platformSecrets(platform.home, services.map(({ name }) => name));
  const token = await tokenFor({ secrets }, ['predictor'], { expiresIn: '1 hour' });
  await Promise.all(platform.running.parts().filter(({ name }) => name !== 'inference').map((part) => part.stop()));
  timeline.note('campaign', `everything but inference is gone, for ${outageMs} ms`);
  const answers: Answer[] = [];
  const untilMs = Date.now() + outageMs;
  await Promise.all(options.pipelines.map((pipeline) => askUntil(untilMs, platform.running.urls.inference, token, pipeline, options, answers)));
  platform.signal('inference', 'SIGKILL');
  timeline.note('campaign', `inference is killed after ${answers.length} answers`);
  return outcomeOf(answers, outageMs);
}

/** Starts the platform again in the same home. @returns durable predictions that were answered and do not come to the log */
export async function missingAfterwards(home: string, pipelines: readonly UseCase[], durable: readonly string[]): Promise<string[]> {
  const platform = await startPlatform({ home, freePorts: true, compact: true });
  try {
    const topics = pipelines.map(({ name }) => `millrace.data.default.${name}.predictions`);
    const deadline = Date.now() + backMs;
    for (;;) {
      const logged = new Set((await readTopics(platform.kafkaBrokers, topics)).map(({ value }) => (JSON.parse(value?.toString() ?? '{}') as { prediction_id?: string }).prediction_id));
      const missing = durable.filter((id) => !logged.has(id));
      if (missing.length === 0 || Date.now() > deadline) return missing;
      await pause(500);
    }
  } finally {
    await platform.stop();
  }
}

async function askUntil(untilMs: number, url: string, token: string, pipeline: UseCase, { seed, everyMs }: OutageOptions, answers: Answer[]): Promise<void> {
  const [reading] = pipeline.quarterOf(seed, 0).readings;
  for (let number = 0; Date.now() < untilMs; number += 1) {
    const startedMs = Date.now();
    answers.push(await ask(`${url}/predictions/default/${pipeline.name}`, token, { records: [{ ...reading, heat: 1, [pipeline.keyColumn]: `outage-${number}` }] }, pipeline.logging === 'durable'));
    await pause(Math.max(0, everyMs - (Date.now() - startedMs)));
  }
}

async function ask(url: string, token: string, body: object, isDurable: boolean): Promise<Answer> {
  const startedMs = performance.now();
  try {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(mostMs), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
    const answer = (await response.json()) as { staleMs?: number | null; predictions?: { predictionId: string }[] };
    return { status: response.status, ms: performance.now() - startedMs, staleMs: answer.staleMs ?? null, ids: (answer.predictions ?? []).map(({ predictionId }) => predictionId), isDurable };
  } catch {
    return { status: 0, ms: performance.now() - startedMs, staleMs: null, ids: [], isDurable };
  }
}

function outcomeOf(answers: readonly Answer[], outageMs: number): OutageOutcome {
  const good = answers.filter(({ status }) => status === 200);
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const lastStaleMs = answers.at(-1)?.staleMs ?? null;
  const findings = [
    ...answers.filter(({ status }) => status !== 200).map(({ status }) => ({ check: 'serving-survives', detail: `a prediction was answered ${status}` })),
    ...(lastStaleMs === null || lastStaleMs < outageMs - mostMs ? [{ check: 'staleness-is-said', detail: `after ${outageMs} ms the last answer says ${lastStaleMs} ms` }] : []),
  ];
  return { findings, asked: answers.length, answered: good.length, durable: good.filter(({ isDurable }) => isDurable).flatMap(({ ids }) => ids), latencyP99Ms: times[Math.floor(times.length * 0.99)] ?? NaN, lastStaleMs };
}
