import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { keepServiceLog } from './service-log.js';
import { eventually } from './testing/eventually.js';

describe('the log of a service', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'log-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('goes whole to its file, and from warnings on to the terminal in words', async () => {
    const output = new PassThrough();
    const file = join(directory, 'registry.log');
    const shown: string[] = [];
    const log = keepServiceLog([output], file, 'warn', (line, service) => shown.push(`${service}: ${line}`));
    const lines = [
      '{"level":"info","service":"registry","msg":"started"}', '{"level":"warn","service":"registry","msg":"Kafka is away","err":{"message":"refused"}}',
      'TypeError: x is not a function', '    at run (file.js:1:1)', '{"broken',
    ];
    output.end(`${lines.join('\n')}\n`);
    await eventually(() => shown.length > 0 && existsSync(file) && readFileSync(file, 'utf8') === `${lines.join('\n')}\n`);
    expect(shown).toEqual(['registry: WARN Kafka is away: refused']);
    expect(log.last).toEqual(['TypeError: x is not a function']);
  });
});
