import { execFile } from 'node:child_process';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { freeMegabytes } from './free-room.js';
import { LaunchError } from './launch-error.js';
import { platformSettings, portSetting } from './platform-settings.js';
import type { PlatformSettings } from './platform-settings.js';
import { platformStatus } from './platform-status.js';
import { requireFreePorts } from './port-holder.js';
import { kafkaToolchain, pythonBinDirectory } from './toolchain.js';

const run = promisify(execFile);
const neededMemoryMegabytes = 2500;
const neededDiskMegabytes = 2000;

interface Finding {
  check: string;
  passed: boolean;
  detail: string;
}

/** `npm run doctor [-- --json]`: what could keep Millrace from running here; exit code 1 when something does. */
export async function doctorCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const settings = platformSettings(process.env);
  const status = await platformStatus(settings);
  const machine = [...(await Promise.all([javaFinding(), pythonFinding()])), diskFinding(settings.home)];
  const running = status.parts.map(({ name, state, address, detail }) => ({ check: name, passed: state === 'ready', detail: detail ?? `${state} at ${address}` }));
  const findings = [{ check: 'Node', passed: true, detail: process.version }, ...machine, ...(status.running ? running : await startFindings(settings))];
  console.log(values.json ? JSON.stringify(findings, null, 2) : findings.map(findingLine).join('\n'));
  if (findings.some(({ passed }) => !passed)) process.exitCode = 1;
}

function findingLine({ check, passed, detail }: Finding): string {
  return `${passed ? 'ok  ' : 'FAIL'}  ${check.padEnd(15)}${detail}`;
}

/** What matters only before a start. */
async function startFindings(settings: PlatformSettings): Promise<Finding[]> {
  const memory = availableMemoryMegabytes();
  const ports = Object.entries(settings.ports).map(async ([part, port]): Promise<Finding> => {
    const fault = await requireFreePorts({ [part]: { port, setting: portSetting(part) } }).then(() => undefined, (error: Error) => error.message);
    return { check: `port ${port}`, passed: fault === undefined, detail: fault ?? `free for ${part}` };
  });
  const hint = memory < neededMemoryMegabytes ? `; Millrace takes about ${neededMemoryMegabytes} MB, less with \`npm start -- --compact\`` : '';
  return [{ check: 'memory', passed: memory >= neededMemoryMegabytes, detail: `${memory} MB available${hint}` }, ...(await Promise.all(ports))];
}

function availableMemoryMegabytes(): number {
  return Math.round((process.availableMemory?.() ?? freemem()) / 1e6);
}

async function javaFinding(): Promise<Finding> {
  try {
    const { stderr } = await run(kafkaToolchain().java, ['-version']);
    return { check: 'Java, Kafka', passed: true, detail: stderr.split('\n')[0] ?? '' };
  } catch (error) {
    const detail = error instanceof LaunchError ? error.message : 'java does not start: install Java 17, or point JAVA_HOME to one';
    return { check: 'Java, Kafka', passed: false, detail };
  }
}

async function pythonFinding(): Promise<Finding> {
  const python = `${pythonBinDirectory()}/python`;
  const result = await run(python, ['--version']).catch(() => undefined);
  return { check: 'Python', passed: result !== undefined, detail: result?.stdout.trim() ?? `the environment ${dirname(python)} is missing: run \`npm run setup\`` };
}

function diskFinding(home: string): Finding {
  const megabytes = freeMegabytes(home);
  return { check: 'disk', passed: megabytes >= neededDiskMegabytes, detail: `${megabytes} MB free for ${home}${megabytes < neededDiskMegabytes ? `, ${neededDiskMegabytes} MB are wanted` : ''}` };
}
