import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from './command-line.ts';
import { dateOf, Flights, type Departure } from './flights.ts';
import type { PlatformClient } from '../../replay/platform-client.ts';
import type { PublicEvent, PublicEvents } from '../../replay/public-events.ts';
import { Replay, type Message, type ReplayPlan } from '../../replay/replay.ts';

const launchDays = 10;
const lastDay = 66;
const kilometreDays = [57, 58];
const pipelinePath = 'default/flight-delays';
const kilometresPerMile = 1.609344;
const plan: ReplayPlan = {
  pipeline: pipelinePath,
  predictions: { dataSet: 'flights', key: 'flight_id', tensors: { flight_id: 'BYTES', departed_at: 'BYTES', origin: 'BYTES', destination: 'BYTES', distance_miles: 'FP64' } },
  labels: { dataSet: 'flight-outcomes', key: 'flight_id' },
};

/** The whole story. Everything after the launch is Millrace's own doing: the script publishes records, asks for predictions and reads public events. */
export async function tellStory({ client, events, cli, say }: { client: PlatformClient; events: PublicEvents; cli: CommandLine; say: (line: string) => void }): Promise<{ checkpointFile: string; bad: number }> {
  say('');
  say('1  Launch: one YAML file, ten days of flights loaded as two files, a first model');
  await cli.show(['apply', '-f', 'examples/flight-delays/pipeline.yaml', '--wait']);
  events.onEvent((event) => narrate(event, say));

  const flights = await Flights.open();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-flights-'));
  const files = { departures: join(folder, 'departures.parquet'), outcomes: join(folder, 'outcomes.parquet') };
  await flights.writeFiles(launchDays, files.departures, files.outcomes);
  await client.upload('/api/ingestion/data-sets/default/flight-outcomes/files', files.outcomes, 'application/vnd.apache.parquet');
  await client.upload('/api/ingestion/data-sets/default/flights/files', files.departures, 'application/vnd.apache.parquet');
  await events.first('the first model to be live', 300_000, (event) => event.type === 'millrace.deployment.rollout.completed.v1');
  const checkpointFile = join(folder, 'checkpoint.txt');
  writeFileSync(checkpointFile, await cli.output(['audit', 'checkpoint']));
  say(`   An outsider keeps a checkpoint of the audit log: ${checkpointFile}`);

  say('');
  say(`2  Eight weeks go by, a day at a step: flights depart and land, predictions are asked as of each flight's time`);
  const replay = new Replay(plan, client, events);
  let bad = 0;
  for (let day = launchDays; day <= lastDay; day += 1) {
    if (day === kilometreDays[0]) say(`3  From ${dateOf(day)} the flights feed sends kilometres where miles are declared`);
    if (day === kilometreDays.at(-1)! + 1) say(`   From ${dateOf(day)} the feed is mended: miles again`);
    const startedMs = Date.now();
    const sent = await flights.departures(day, day + 1);
    const departures = kilometreDays.includes(day) ? sent.map((flight) => ({ ...flight, distance_miles: flight.distance_miles * kilometresPerMile })) : sent;
    const today = { date: dateOf(day), records: departures.map((departure) => ({ ...departure })), labels: (await flights.outcomes(day, day + 1)).map((outcome) => ({ ...outcome })), bad: badRecords(sent[0]!) };
    await replay.day(today);
    bad += today.bad.length;
    say(`   ${today.date}  ${String(departures.length).padStart(5)} flights and predictions, ${today.bad.length} bad records  (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  }

  say('');
  if (events.all('millrace.registry.model-version.rejected.v1').length === 0) {
    say('4  Nothing was refused so far, so a person asks for a retraining that the data do not call for');
    await client.post(`/api/training/pipelines/${pipelinePath}/runs`, { reason: 'the demo asks for a run that nothing calls for' });
    await events.first('the run to be asked for', 60_000, (event) => event.type === 'millrace.training.run.requested.v1' && event.data.cause === 'person');
    await replay.whileTraining();
  } else say('4  A retraining that was not better has been refused above; nobody needs to ask for one');
  return { checkpointFile, bad };
}

/** What real feeds also send: broken JSON, a distance that cannot be, a field nobody declared. */
function badRecords(sample: Departure): Message[] {
  return [
    { key: 'F-broken', value: '{"flight_id": "F-broken", "departed_at": ' },
    { key: 'F-negative', value: JSON.stringify({ ...sample, flight_id: 'F-negative', distance_miles: -4 }) },
    { key: 'F-unknown', value: JSON.stringify({ ...sample, flight_id: 'F-unknown', gate: 'B12' }) },
  ];
}

/** One line for each event a reader of the story cares about. */
function narrate(event: PublicEvent, say: (line: string) => void): void {
  const { data, type } = event;
  const because = (data.because ?? []).filter((finding: { passed: boolean }) => !finding.passed).map(sentenceOf).join('; ');
  const version = data.modelVersion ? `v${data.modelVersion}` : '';
  const lines: Record<string, () => string> = {
    'millrace.training.trigger.decided.v1': () => `${data.decision} (${data.cause})${data.maturedRows === undefined ? '' : `, ${data.maturedRows} rows have matured, ${data.neededRows} are needed`}${because ? `: ${because}` : ''}`,
    'millrace.training.run.requested.v1': () => `run requested (${data.cause}) ${data.run}`,
    'millrace.feature-store.training-set.created.v1': () => `training set of ${data.rows} rows, hold-outs sealed: ${data.holdOuts.map((holdOut: any) => `${holdOut.kind} ${holdOut.rows} rows`).join(', ')}`,
    'millrace.training.run.completed.v1': () => `trained in ${(data.durationMs / 1000).toFixed(1)} s, ONNX agrees with the trainer on ${data.parity.rows} rows`,
    'millrace.training.run.failed.v1': () => `run failed: ${because.split('\n')[0]}`,
    'millrace.training.evaluation.completed.v1': () => `evaluated on sealed rows: ${data.holdOuts.map(holdOutSentence).join('; ')}`,
    'millrace.registry.model-version.approved.v1': () => `${version} approved: ${comparisonsOf(data.because)}`,
    'millrace.registry.model-version.rejected.v1': () => `${version} REFUSED (${data.verdict}): ${because}`,
    'millrace.deployment.rollout.stepped.v1': () => `${version} ${data.phase} at ${Math.round(data.trafficRatio * 100)} % of traffic`,
    'millrace.deployment.rollout.completed.v1': () => `${version} is live`,
    'millrace.deployment.rollout.rolled-back.v1': () => `${version} rolled back: ${because}`,
    'millrace.monitoring.analysis.completed.v1': () => `analysis of ${version} in ${data.phase}: ${data.verdict}, ${(data.because ?? []).map(sentenceOf).join('; ')}`,
    'millrace.monitoring.drift.detected.v1': () => `DRIFT since ${String(data.changePoint).slice(0, 10)}, diagnosis ${data.diagnosis}: ${data.columns.slice(0, 3).map((column: any) => `${column.column}${column.factor ? ` x${column.factor.toFixed(3)}` : ''} ${column.distance.toFixed(3)} > ${column.threshold.toFixed(3)}`).join(', ')}`,
    'millrace.monitoring.performance.degraded.v1': () => `PERFORMANCE of ${version} fell: ${data.metric} ${data.measured.toFixed(3)}, bound ${data.bound.toFixed(3)}`,
    'millrace.monitoring.alert.raised.v1': () => `alert to ${data.recipient}: ${data.summary}`,
    'millrace.monitoring.alert.resolved.v1': () => `alert resolved (${data.kind})`,
    'millrace.training.hold.placed.v1': () => `HELD: nothing is trained while ${data.incident} is open`,
    'millrace.training.hold.lifted.v1': () => 'hold lifted, the broken days stay out of training sets',
  };
  const line = lines[type];
  if (line) say(`     ${type.split('.')[1]!.padEnd(13)} ${line()}`);
}

/** What decided: the comparisons over blocks where there are any, else every gate. */
function comparisonsOf(because: any[]): string {
  const compared = because.filter((finding) => finding.blocks !== undefined);
  return (compared.length > 0 ? compared : because).map(sentenceOf).join('; ');
}

function sentenceOf(finding: { check: string; measured?: unknown; bound?: unknown; detail?: string }): string {
  const figure = (value: unknown): string => (typeof value === 'number' ? value.toPrecision(3) : String(value));
  return finding.detail ?? `${finding.check} ${finding.measured === undefined ? '' : figure(finding.measured)}${finding.bound === undefined || finding.bound === null ? '' : ` (bound ${figure(finding.bound)})`}`;
}

const shownMetrics = ['roc-auc', 'log-loss'];

function holdOutSentence(holdOut: any): string {
  const metrics = (values: Record<string, number>): string => shownMetrics.map((name) => `${name} ${values[name]?.toFixed(3)}`).join(', ');
  const champion = holdOut.metrics.champion ? `, the serving version ${metrics(holdOut.metrics.champion)}` : '';
  return `${holdOut.kind} (${holdOut.rows} rows of ${holdOut.blocks.length} days) ${metrics(holdOut.metrics.challenger)}${champion}`;
}
