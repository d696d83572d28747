import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = process.cwd();
const toolchain = process.env['MILLRACE_TOOLCHAIN'] ?? join(root, '.toolchain');

export type Language = 'java' | 'python';
export const languages: readonly Language[] = ['java', 'python'];

/** An event as a subscriber reports it. */
export interface ReportedEvent {
  topic: string;
  key: string;
  type: string;
  id: string;
  data: Record<string, unknown>;
  /** What its headers, key and payload have wrong against the AsyncAPI document. */
  wrong: string[];
}

/** Sends records (objects) by the example program of a language. */
export async function produce(language: Language, properties: string, { topic, keyColumn, mode, records }: { topic: string; keyColumn: string; mode: 'plain' | 'binary' | 'structured'; records: readonly object[] }): Promise<string> {
  const input = records.map((record) => JSON.stringify(record)).join('\n');
  return run(language === 'java' ? javaOf('Produce') : pythonOf('produce.py'), [properties, topic, keyColumn, mode], input);
}

/** Reads events by the example program of a language until `count` have come. */
export async function subscribe(language: Language, properties: string, { group, count, prefix, topics }: { group: string; count: number; prefix: string; topics: readonly string[] }): Promise<ReportedEvent[]> {
  const document = join(root, 'contracts/asyncapi.yaml');
  const text = await run(language === 'java' ? javaOf('Subscribe') : pythonOf('subscribe.py'), [properties, document, group, String(count), prefix || '-', ...topics], '');
  return text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as ReportedEvent);
}

function javaOf(program: string): [string, ...string[]] {
  const place = join(toolchain, 'strangers-java');
  const home = process.env['JAVA_HOME'];
  return [home === undefined ? 'java' : join(home, 'bin/java'), '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', `${join(place, 'classes')}:${join(place, 'lib')}/*`, program];
}

function pythonOf(program: string): [string, ...string[]] {
  return [join(toolchain, 'strangers-python/bin/python'), join(root, 'examples/strangers/python', program)];
}

function run([command, ...given]: [string, ...string[]], args: string[], input: string): Promise<string> {
  const child = spawn(command, [...given, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [out, errors]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  child.stdin.end(input);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(out.join('')) : fail(new Error(`${args.join(' ')} ended with ${code}: ${errors.join('')}`))));
  });
}
