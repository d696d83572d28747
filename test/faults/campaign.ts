import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@millrace/infra';
import type { Facts, Finding } from './check/facts.ts';
import { judge } from './check/judge.ts';
import { readFacts } from './check/read-facts.ts';
import { countOpen, openCascades, unsettled } from './check/unsettled.ts';
import { injectFault } from './inject/inject-fault.ts';
import { Journal } from './load/journal.ts';
import { Load } from './load/load.ts';
import { PatientClient } from './load/patient-client.ts';
import { RecordSender } from './load/record-sender.ts';
import { dataSetsOf } from './load/use-case.ts';
import type { UseCase } from './load/use-case.ts';
import { FaultyPlatform } from './platform/faulty-platform.ts';
import { describeTrouble } from './plan/fault.ts';
import type { Fault } from './plan/fault.ts';
import { planFaults } from './plan/plan-faults.ts';
import type { Timeline } from './timeline.ts';
import { within } from './within.ts';

export interface CampaignOptions {
  seed: number;
  count: number;
  /** Mean time between two faults. */
  meanGapMs: number;
  useCases: readonly UseCase[];
  tickMs: number;
  replicas: Partial<Record<ServiceName, number>>;
  home: string;
  timeline: Timeline;
  /** Done with the platform when all was judged, before it stops. */
  afterwards?(platform: FaultyPlatform): Promise<Finding[]>;
}

export interface CampaignOutcome {
  findings: Finding[];
  facts: Facts | undefined;
  faults: Fault[];
  tookMs: number;
  /** Client requests and how often the answer was "not now". */
  asked: number;
  askedAgain: number;
}

/** How long nothing may move before what is left counts as stuck, and how long all may take in the end. */
const stuckMs = 150_000;
const longestRestMs = 600_000;
const lookMs = 1_000;
const processesOf = (replicas: CampaignOptions['replicas']): string[] => {
  const names: ServiceName[] = ['gateway', 'ingestion', 'validation', 'feature-store', 'training', 'registry', 'deployment', 'inference', 'monitoring', 'governance'];
  return names.flatMap((name) => [name, ...Array.from({ length: (replicas[name] ?? 1) - 1 }, (_, index) => `${name}-${index + 2}`)]);
};

/** Starts the platform, puts it under load, makes the faults of the seed's plan, waits until all is at rest and judges what is there. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const { seed, count, meanGapMs, replicas, home, timeline } = options;
  const startedMs = Date.now();
  const faults = planFaults({ seed, count, meanGapMs, processes: processesOf(replicas) });
  const platform = await FaultyPlatform.start({ home, replicas, onLine: (line, part) => timeline.note(part, line) });
  const { gateway } = platform.running.urls;
  const client = new PatientClient(gateway, platform.running.adminToken);
  const sender = new RecordSender(`127.0.0.1:${platform.proxies.kafka.port}`);
  const journal = new Journal();
  const loads = options.useCases.map((pipeline) => new Load({ seed, client, sender, journal, tickMs: options.tickMs }, pipeline));
  try {
    timeline.note('campaign', `the platform runs after ${Date.now() - startedMs} ms; the load begins`);
    await Promise.all(loads.map((load) => load.begin()));
    for (const load of loads) load.run();
    timeline.note('campaign', `every pipeline serves a first model after ${Date.now() - startedMs} ms; the faults begin`);
    const failures = await makeFaults(platform, faults, timeline);
    const left = await comeToRest(platform, loads, timeline);
    const inferenceDied = platform.part('inference').restarts > 0;
    const dataSets = loads.flatMap(({ pipeline }) => dataSetsOf(pipeline));
    const facts = await readFacts({ brokers: platform.running.kafkaBrokers, postgresUrl: platform.running.postgresUrl, home, dataSets, promises: journal.promises(inferenceDied) });
    const findings = [...failures, ...left.map((detail) => ({ check: 'comes-to-rest', detail })), ...judge(facts), ...((await options.afterwards?.(platform)) ?? [])];
    return { findings, facts, faults, tookMs: Date.now() - startedMs, asked: client.asked, askedAgain: [...client.refusals.values()].reduce((sum, times) => sum + times, 0) };
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
    await sender.stop();
    await platform.stop();
  }
}

/** Each fault at its time; they last as long as they do, several side by side. */
async function makeFaults(platform: FaultyPlatform, faults: readonly Fault[], timeline: Timeline): Promise<Finding[]> {
  const beganMs = Date.now();
  const made = faults.map(async ({ number, atMs, trouble }): Promise<Finding[]> => {
    await pause(Math.max(0, atMs - (Date.now() - beganMs)));
    timeline.fault(number, `${describeTrouble(trouble)}`);
    try {
      timeline.fault(number, await injectFault(platform, trouble));
      return [];
    } catch (error) {
      timeline.fault(number, `failed: ${(error as Error).message}`);
      return [{ check: 'comes-back', detail: `fault ${number} (${describeTrouble(trouble)}): ${(error as Error).message}` }];
    }
  });
  return (await Promise.all(made)).flat();
}

/** First the cascades end while records and predictions go on, then everything. @returns what was still under way when patience ended */
async function comeToRest(platform: FaultyPlatform, loads: readonly Load[], timeline: Timeline): Promise<string[]> {
  const { kafkaBrokers: brokers, postgresUrl } = platform.running;
  const dataSets = loads.flatMap(({ pipeline }) => dataSetsOf(pipeline));
  for (const load of loads) load.finish();
  timeline.note('campaign', 'the faults are over; what is open may end');
  const cascades = await untilNothing(timeline, () => countOpen(postgresUrl, openCascades));
  await Promise.all(loads.map((load) => load.stop()));
  timeline.note('campaign', 'the load is over');
  return [...cascades, ...(await untilNothing(timeline, () => unsettled({ brokers, postgresUrl, dataSets })))];
}

/** Waits until a question is answered with nothing twice in a row. */
async function untilNothing(timeline: Timeline, question: () => Promise<string[]>): Promise<string[]> {
  const deadline = Date.now() + longestRestMs;
  let [nothing, said, movedMs] = [0, '', Date.now()];
  for (;;) {
    const left = await within('what is under way', question).catch((error: Error) => [`the question failed: ${error.message}`]);
    nothing = left.length === 0 ? nothing + 1 : 0;
    if (left.join() !== said) {
      [said, movedMs] = [left.join(), Date.now()];
      timeline.note('rest', said || 'nothing is under way');
    }
    if (nothing === 2 || Date.now() > Math.min(deadline, movedMs + stuckMs)) return left;
    await pause(lookMs);
  }
}
