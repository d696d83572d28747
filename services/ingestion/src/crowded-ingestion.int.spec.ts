import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePipeline } from '@millrace/decisions';
import { eventually, TcpProxy, testEnvironment, TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { laneOf } from './lane-of.js';

const LANES = 2;
const HELD_MEGABYTES = 16;
const FLOOD = 30_000;
const FILLER = 'x'.repeat(1000);
const nameIn = (lane: number, prefix: string): string => Array.from({ length: 99 }, (_, index) => `${prefix}-${index}`).find((name) => laneOf(`default/${name}`, LANES) === lane) ?? prefix;
const [flooded, calm, elsewhere, newcomer] = [nameIn(0, 'flooded'), nameIn(0, 'calm'), nameIn(1, 'elsewhere'), nameIn(0, 'newcomer')];
/** A pipeline whose own data sets are all in the first lane. */
const newPipeline = Array.from({ length: 99 }, (_, index) => `newcomers-${index}`).find((name) => [`${name}-outcomes`, `${name}.predictions`].every((dataSet) => laneOf(`default/${dataSet}`, LANES) === 0)) ?? '';

function pipelineOf(name: string, dataSets: string[]) {
  const columns = '{ id: string, at: timestamp, filler: string, load: double }';
  const { pipeline, errors } = parsePipeline(`pipeline: ${name}
dataSets:
${dataSets.map((dataSet) => `  ${dataSet}: { key: id, eventTime: at, columns: ${columns} }`).join('\n')}
  ${name}-outcomes: { key: id, eventTime: at, knownAt: known_at, columns: { id: string, at: timestamp, known_at: timestamp, wear: double } }
predict: { dataSet: ${dataSets[0]} }
features: { load: { column: load } }
label: { dataSet: ${name}-outcomes, column: wear, above: 5, maturesAfter: 1d }
training: { command: [python, train.py] }
`);
  if (!pipeline) throw new TypeError(JSON.stringify(errors));
  return pipeline;
}

describe('ingestion with many data sets, one of them flooded', () => {
  let environment: TestEnvironment;
  let kafka: TestKafka;
  let proxy: TcpProxy;
  let ingestion: ChildProcess;
  let url: string;

  const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? Number.NaN);
  const joinsOf = (lane: number) => metric(`millrace_lane_joins\\{consumergroup="millrace.ingestion.data.${lane}"\\}`);
  const residentMegabytes = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${ingestion.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  async function positions(): Promise<Record<string, number>> {
    const rows = await environment.query<{ data_set: string; next_offset: string }>('select data_set, next_offset from ingestion.partition_positions');
    return Object.fromEntries(rows.map((row) => [row.data_set.replace('default/', ''), Number(row.next_offset)]));
  }
  async function send(dataSet: string, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 700) {
      const records = Array.from({ length: Math.min(700, count - sent) }, (_, index) => ({ id: `r${sent + index}`, at: new Date(Date.UTC(2025, 0, 1) + sent + index).toISOString(), filler: FILLER, load: index }));
      await kafka.sendRecords(`millrace.data.default.${dataSet}`, records.map((record) => ({ key: record.id, value: JSON.stringify(record) })));
    }
  }
  async function activate(name: string, dataSets: string[]): Promise<void> {
    const definition = pipelineOf(name, dataSets);
    const ready = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1');
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { pipeline: definition.id, version: 1, definition, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
    await eventually(() => expect(ready().map(({ subject }) => subject)).toContain(definition.id), 60_000);
    await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
  }

  beforeAll(async () => {
    environment = await testEnvironment();
    kafka = new TestKafka(environment);
    const database = new URL(environment.databaseUrl);
    proxy = await TcpProxy.start({ targetPort: Number(database.port) });
    database.port = String(proxy.port);
    ingestion = fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: ['--import', join(import.meta.dirname, '../../../libs/testing/typescript-sources.mjs')],
      env: {
        PATH: process.env['PATH'], ...environment.envOf('ingestion'), MILLRACE_INGESTION_DATABASE_URL: database.toString(), MILLRACE_INGESTION_LANES: String(LANES),
        MILLRACE_INGESTION_HELD_MEGABYTES: String(HELD_MEGABYTES), MILLRACE_INGESTION_SEGMENT_LAG_MS: '100', MILLRACE_INGESTION_LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let log = '';
    ingestion.stdout?.on('data', (part: Buffer) => (log += part.toString()));
    await eventually(() => expect(/"url":"([^"]+)"/.exec(log)?.[1]).toBeDefined(), 60_000);
    url = /"url":"([^"]+)"/.exec(log)?.[1] ?? '';
    await kafka.createTopics([flooded, calm, elsewhere, newcomer].map((name) => `millrace.data.default.${name}`));
  }, 120_000);
  afterAll(async () => {
    ingestion.kill('SIGKILL');
    await once(ingestion, 'exit');
    await proxy.stop();
    await kafka.stop();
  });

  it('lets a data set of the same lane have its turn long before the flood is over', async () => {
    await send(flooded, FLOOD);
    await send(calm, 1);
    await activate('crowd', [flooded, calm, elsewhere]);
    const seen = await eventually(async () => {
      const now = await positions();
      expect(now[calm]).toBe(1);
      return now;
    }, 60_000);
    expect(seen[flooded] ?? 0).toBeLessThan(FLOOD);
    await eventually(async () => expect((await positions())[flooded]).toBe(FLOOD), 60_000);
  }, 180_000);

  it('takes no more than it may hold while the database is slow, says so, and goes on by itself', async () => {
    const before = residentMegabytes();
    proxy.delay(700);
    await send(flooded, FLOOD);
    const most = { held: 0, resident: 0 };
    await eventually(async () => {
      most.held = Math.max(most.held, await metric('millrace_ingestion_held_bytes'));
      most.resident = Math.max(most.resident, residentMegabytes());
      expect(await metric('millrace_lane_paused_seconds\\{consumergroup="millrace.ingestion.data.0"\\}')).toBeGreaterThan(1);
    }, 60_000);
    proxy.delay(0);
    await eventually(async () => {
      most.resident = Math.max(most.resident, residentMegabytes());
      expect((await positions())[flooded]).toBe(2 * FLOOD);
    }, 60_000);
    expect(most.held).toBeGreaterThan(0);
    expect(most.held / 2 ** 20).toBeLessThan(HELD_MEGABYTES + 8);
    expect(most.resident - before).toBeLessThan(150);
  }, 180_000);

  it('pauses one lane only when a data set is added', async () => {
    const [own, other] = [await joinsOf(0), await joinsOf(1)];
    await activate(newPipeline, [newcomer]);
    await send(newcomer, 1);
    await send(elsewhere, 1);
    await eventually(async () => expect(await positions()).toMatchObject({ [newcomer]: 1, [elsewhere]: 1 }), 60_000);
    const [ownNow, otherNow] = [await joinsOf(0), await joinsOf(1)];
    expect(ownNow).toBeGreaterThan(own);
    expect(otherNow).toBe(other);
  }, 120_000);
});
