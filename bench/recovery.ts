/**
 * From `kill -9` of a service until its work has moved: the supervisor's next process is ready, and the broker has given every partition of the service's consumer groups to members
 * that live. Asked of the broker, not of the service. Run: `node bench/recovery.ts [kills per service, default 5]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { resetHome, services, startPlatform } from '@millrace/infra';
import type { RunningPlatform, ServiceName } from '@millrace/infra';
import { AssignerProtocol, Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { report } from './figure.ts';
import { millisecondsText, percentilesOf } from './percentiles.ts';

const kills = Number(process.argv[2] ?? 5);
const goalMs = 10_000;
const lookMs = 50;
const patienceMs = 120_000;

/** Members of the service's groups that read something, by group. Followers of compacted topics have a group per process and leave nothing behind. */
async function membersOf(admin: Admin, service: ServiceName): Promise<Map<string, { isStable: boolean; members: string[] }>> {
  const { groups } = await admin.listGroups();
  const own = groups.map(({ groupId }) => groupId).filter((group) => group === `millrace.${service}` || group.startsWith(`millrace.${service}.data.`));
  if (own.length === 0) return new Map();
  const described = await admin.describeGroups(own);
  return new Map(described.groups.map(({ groupId, state, members }) => {
    const reading = members.filter(({ memberAssignment }) => Object.keys(AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}).length > 0);
    return [groupId, { isStable: state === 'Stable', members: reading.map(({ memberId }) => memberId) }];
  }));
}

async function recoveryMs(platform: RunningPlatform, admin: Admin, service: ServiceName): Promise<number> {
  const part = platform.parts().find(({ name }) => name === service);
  if (part?.pid === undefined) throw new Error(`${service} does not run`);
  const [killed, before] = [part.pid, await membersOf(admin, service)];
  const reading = [...before].filter(([, { members }]) => members.length > 0);
  const startedMs = Date.now();
  process.kill(killed, 'SIGKILL');
  for (;;) {
    const now = part.state === 'running' && part.pid !== killed ? await membersOf(admin, service) : undefined;
    const isMoved = (group: string, old: readonly string[]): boolean => now?.get(group)?.isStable === true && (now.get(group)?.members.length ?? 0) > 0 && !now.get(group)?.members.some((member) => old.includes(member));
    if (now && reading.every(([group, { members }]) => isMoved(group, members))) return Date.now() - startedMs;
    if (Date.now() - startedMs > patienceMs) throw new Error(`${service} has not recovered after ${patienceMs / 1000} s`);
    await pause(lookMs);
  }
}

const home = await mkdtemp(join(tmpdir(), 'millrace-recovery-'));
const platform = await startPlatform({ home, freePorts: true, compact: false, longestRestartDelayMs: 500 });
const admin = new Kafka({ clientId: 'recovery', brokers: platform.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
await admin.connect();
const times: { service: ServiceName; ms: number }[] = [];
try {
  for (let round = 0; round < kills; round += 1) for (const { name } of services) times.push({ service: name, ms: await recoveryMs(platform, admin, name) });
} finally {
  await admin.disconnect();
  await platform.stop();
  await resetHome(home);
  await rm(home, { recursive: true, force: true });
}
const all = percentilesOf(times.map(({ ms }) => ms));
const slowest = services.map(({ name }) => ({ name, ...percentilesOf(times.filter(({ service }) => service === name).map(({ ms }) => ms)) })).sort((a, b) => b.p99 - a.p99)[0];
report([{
  what: `kill -9 of a service until its partitions are read again, ${times.length} kills`,
  measured: `${millisecondsText(all)}; slowest ${slowest?.name ?? ''}: ${slowest ? millisecondsText(slowest) : ''}`,
  beside: `goal p99 < ${goalMs / 1000} s`,
  ratio: `${(all.p99 / goalMs).toFixed(2)}`,
}]);
process.exit(0);
