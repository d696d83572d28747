/**
 * `npm run test:faults -- --seed N --count M`: a fault campaign against the real platform, see docs/fault-campaigns.md.
 * Exit code 0: nothing lost, nothing doubled; 1: something is not as it must be; 2: the campaign could not be made.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot, resetHome } from '@millrace/infra';
import { runCampaign } from './campaign.ts';
import { lightPipelines } from './load/light-pipeline.ts';
import { machineWear } from './load/machine-wear.ts';
import { summaryOf } from './summary.ts';
import { Timeline } from './timeline.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    count: { type: 'string', default: '300' },
    gap: { type: 'string', default: '3.5' },
    pipelines: { type: 'string', default: '3' },
    keep: { type: 'boolean', default: false },
  },
});
const [seed, count, gapSeconds, pipelines] = [values.seed, values.count, values.gap, values.pipelines].map(Number) as [number, number, number, number];
const home = resolve(process.env['MILLRACE_HOME'] ?? join(projectRoot, '.millrace'), `faults-${seed}`);
const repeat = `npm run test:faults -- --seed ${seed} --count ${count} --gap ${gapSeconds} --pipelines ${pipelines}`;

await resetHome(home).catch(() => undefined);
rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
const timelineFile = resolve(home, '..', `faults-${seed}.log`);
const timeline = new Timeline(timelineFile, (line) => console.log(line));
console.log(`Seed ${seed}, ${count} faults, one every ${gapSeconds} s in the mean. To repeat: ${repeat}\nTimeline: ${timelineFile}`);
try {
  const outcome = await runCampaign({ seed, count, meanGapMs: gapSeconds * 1000, useCases: [machineWear, ...lightPipelines.slice(0, pipelines - 1)], tickMs: 3_000, replicas: { ingestion: 2, registry: 2, governance: 2 }, home, timeline });
  const summary = summaryOf(outcome);
  for (const line of summary) timeline.note('campaign', line);
  process.exitCode = outcome.findings.length === 0 ? 0 : 1;
  if (process.exitCode === 1) console.log(`\nTo repeat: ${repeat}\nTimeline: ${timelineFile}; logs of the services: ${join(home, 'logs')}`);
  else if (!values.keep) {
    await resetHome(home);
    rmSync(home, { recursive: true, force: true });
  }
} catch (error) {
  console.error(`The campaign could not be made: ${(error as Error).stack}\nTo repeat: ${repeat}\nTimeline: ${timelineFile}`);
  process.exitCode = 2;
}
process.exit();
