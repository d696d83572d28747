/**
 * From the alarm (`drift.detected`, `performance.degraded`) to 100 % of traffic, without the time that Millrace waited for labels, for the training command and for
 * evidence in shadow and canary: what its own work takes. Read from governance's cascades of a home in which the demo ran.
 * Run: `node bench/cascade-time.ts [home]` after `npm run demo` (default home `.millrace/demo`), or with MILLRACE_URL and MILLRACE_TOKEN of a running platform.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot, startPlatform } from '@millrace/infra';
import { report } from './figure.ts';
import type { Figure } from './figure.ts';

interface Step {
  type: string;
  sinceStartMs: number;
  summary: string | null;
}

/** Parts of the way in milliseconds; `waited` is left out of Millrace's own time. */
interface Part {
  name: string;
  ms: number;
  waited: boolean;
}

const home = resolve(process.argv[2] ?? join(process.env['MILLRACE_HOME'] ?? join(projectRoot, '.millrace'), 'demo'));
const rolledOut = 'millrace.deployment.rollout.completed.v1';

async function withPlatform<R>(use: (url: string, token: string) => Promise<R>): Promise<R> {
  const { MILLRACE_URL, MILLRACE_TOKEN = '' } = process.env;
  if (MILLRACE_URL !== undefined) return use(MILLRACE_URL, MILLRACE_TOKEN);
  if (!existsSync(join(home, 'postgres'))) throw new Error(`There is no demo in ${home}: run \`npm run demo\` first`);
  const platform = await startPlatform({ home, freePorts: true });
  try {
    return await use(platform.urls.gateway, platform.adminToken);
  } finally {
    await platform.stop();
  }
}

/** The steps of each cascade that began with an alarm and ended with a rolled-out version. */
async function cascades(url: string, token: string): Promise<Step[][]> {
  const get = async <Answer>(path: string): Promise<Answer> => {
    const response = await fetch(`${url}/api/governance${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const { cascades: found } = await get<{ cascades: { correlation: string }[] }>(`/cascades?contains=${rolledOut}`);
  const graphs = await Promise.all(found.map(({ correlation }) => get<{ nodes: Step[] }>(`/cascades/${correlation}`)));
  return graphs.map(({ nodes }) => nodes).filter((steps) => steps.some(isAlarm));
}

function isAlarm({ type }: Step): boolean {
  return ['millrace.monitoring.drift.detected.v1', 'millrace.monitoring.performance.degraded.v1'].includes(type);
}

/** The way from the alarm to the step at full traffic, cut at each event where waiting begins or ends. */
function partsOf(steps: Step[]): Part[] {
  const at = (type: string, last = false): number => {
    const times = steps.filter((step) => step.type === `millrace.${type}.v1`).map(({ sinceStartMs }) => sinceStartMs);
    return (last ? times.at(-1) : times[0]) ?? NaN;
  };
  const alarm = steps.find(isAlarm)?.sinceStartMs ?? NaN;
  const requested = at('training.run.requested');
  const firstDecision = at('training.trigger.decided');
  const approved = at('registry.model-version.approved');
  return [
    { name: 'decide', ms: firstDecision - alarm, waited: false },
    { name: 'wait for labels', ms: requested - firstDecision, waited: true },
    { name: 'training set and its hold-outs', ms: at('training.run.started') - requested, waited: false },
    { name: 'training command', ms: at('training.run.completed') - at('training.run.started'), waited: true },
    { name: 'evaluate', ms: at('training.evaluation.completed') - at('training.run.completed'), waited: false },
    { name: 'register, judge, approve', ms: approved - at('training.evaluation.completed'), waited: false },
    { name: 'begin the rollout', ms: at('deployment.rollout.started') - approved, waited: false },
    ...rolloutParts(steps),
  ];
}

/** Between two steps of the rollout: evidence is gathered until the analysis, then Millrace moves on. */
function rolloutParts(steps: Step[]): Part[] {
  const stepped = steps.filter(({ type }) => type === 'millrace.deployment.rollout.stepped.v1').map(({ sinceStartMs }) => sinceStartMs);
  const analysed = steps.filter(({ type }) => type === 'millrace.monitoring.analysis.completed.v1').map(({ sinceStartMs }) => sinceStartMs);
  return stepped.slice(1).flatMap((next, index) => {
    const decided = Math.max(...analysed.filter((time) => time <= next));
    return [
      { name: 'evidence', ms: decided - (stepped[index] ?? NaN), waited: true },
      { name: 'move traffic', ms: next - decided, waited: false },
    ];
  });
}

function figureOf(steps: Step[]): Figure {
  const parts = partsOf(steps);
  const total = (waited: boolean): number => parts.filter((part) => part.waited === waited).reduce((sum, { ms }) => sum + ms, 0);
  const names = [...new Set(parts.filter(({ waited }) => !waited).map(({ name }) => name))];
  const share = (name: string): string => `${name} ${parts.filter((part) => part.name === name).reduce((sum, { ms }) => sum + ms, 0)} ms`;
  return {
    what: `${steps.find(isAlarm)?.type.split('.').slice(2, 4).join('.')} to 100 % of traffic, without labels, training command and shadow time`,
    measured: `${(total(false) / 1000).toFixed(2)} s (${names.map(share).join(', ')})`,
    beside: `${(total(true) / 1000).toFixed(1)} s waited`,
    ratio: '',
  };
}

const found = await withPlatform(cascades);
if (found.length === 0) throw new Error(`No cascade in ${home} led from an alarm to a new version`);
report(found.map(figureOf));
process.exit(0);
