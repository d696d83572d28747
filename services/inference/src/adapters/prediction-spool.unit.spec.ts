import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PredictionSpool } from './prediction-spool.js';
import type { SpooledRecord } from './prediction-spool.js';

const pipeline = 'default/flights';

describe('the spool of durable predictions', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'millrace-spool-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const numbers = (from: number, count: number): { key: string; sequence: number }[] => Array.from({ length: count }, (_, index) => ({ key: 'k', sequence: from + index }));
  const files = (): string[] => readdirSync(join(directory, 'predictions'));
  /** Files of a process that has ended. */
  const leaveBehind = async (): Promise<void> => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const spool = new PredictionSpool(directory, 'inference-dead');
    await spool.adopt();
    await spool.append(pipeline, numbers(1, 3));
    await spool.stop();
    for (const name of files()) renameSync(join(directory, 'predictions', name), join(directory, 'predictions', name.replace(`.${process.pid}.`, `.${ended}.`)));
  };

  it('keeps what is appended side by side, gives it back in order, and then has nothing', async () => {
    const spool = new PredictionSpool(directory, 'inference-a');
    await spool.adopt();
    await Promise.all([0, 1, 2, 3, 4].map((index) => spool.append(pipeline, numbers(index * 10, 10))));
    expect(spool.count).toBe(50);
    const sent: SpooledRecord[] = [];
    await spool.drain((records) => Promise.resolve(void sent.push(...records)));
    expect(sent.map(({ record }) => record['sequence'])).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect([spool.count, files()]).toEqual([0, []]);
  });

  it('keeps what could not be sent, and what is appended meanwhile comes behind it', async () => {
    const spool = new PredictionSpool(directory, 'inference-a');
    await spool.adopt();
    await spool.append(pipeline, numbers(1, 2));
    await expect(spool.drain(() => Promise.reject(new Error('Kafka is away')))).rejects.toThrow('Kafka is away');
    await spool.append(pipeline, numbers(3, 1));
    const sent: SpooledRecord[] = [];
    await spool.drain((records) => Promise.resolve(void sent.push(...records)));
    expect(sent.map(({ record }) => record['sequence'])).toEqual([1, 2, 3]);
  });

  it('takes over what a killed process left behind, without the line that it was about to write', async () => {
    await leaveBehind();
    appendFileSync(join(directory, 'predictions', files()[0] ?? ''), '{"pipeline":"default/fli');
    const spool = new PredictionSpool(directory, 'inference-b');
    await spool.adopt();
    expect(spool.count).toBe(3);
    const sent: SpooledRecord[] = [];
    await spool.drain((records) => Promise.resolve(void sent.push(...records)));
    expect(sent.map(({ record }) => record['sequence'])).toEqual([1, 2, 3]);
    expect(files()).toEqual([]);
  });

  it('refuses where there is no directory', async () => {
    const spool = new PredictionSpool(undefined, 'inference-a');
    await spool.adopt();
    await expect(spool.append(pipeline, numbers(1, 1))).rejects.toMatchObject({ code: 'kafka-unavailable' });
  });
});
