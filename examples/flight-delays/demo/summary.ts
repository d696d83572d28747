import type { CommandLine } from './command-line.ts';
import { dateOf } from './flights.ts';
import type { PlatformClient } from '../../replay/platform-client.ts';
import type { PublicEvent, PublicEvents } from '../../replay/public-events.ts';

const pipelinePath = 'default/flight-delays';

/** What the run measured, in figures: the cascades, loss before and after on the same flights, features served against the offline join, the audit log's proof. */
export async function summarise({ client, events, cli, say, story }: { client: PlatformClient; events: PublicEvents; cli: CommandLine; say: (line: string) => void; story: { checkpointFile: string; bad: number } }): Promise<void> {
  say('');
  say('5  What happened, in figures');
  const quarantined = events.all('millrace.ingestion.record.quarantined.v1').reduce((sum, event) => sum + event.data.count, 0);
  say(`   Bad records: ${story.bad} sent, ${quarantined} in quarantine, each with its reason (npx millrace quarantine list default/flights)`);

  const reproduction = await client.post<{ compared: number; equal: number }>('/api/feature-store/feature-reproductions', { pipeline: pipelinePath, from: `${dateOf(10)}T00:00:00Z`, to: `${dateOf(67)}T00:00:00Z` });
  say(`   Features served that the offline join reproduces exactly: ${reproduction.equal} of ${reproduction.compared} (${((100 * reproduction.equal) / reproduction.compared).toFixed(2)} %)`);

  const { comparisons } = await client.get<{ comparisons: Comparison[] }>(`/api/monitoring/pipelines/${pipelinePath}/comparisons`);
  for (const comparison of comparisons) {
    const days = comparison.blocks.map(({ block }) => block).sort();
    say(`   v${comparison.modelVersion} against v${comparison.otherModelVersion} on the same ${comparison.rows} flights (${days[0]} to ${days.at(-1)}): ${comparison.metric} ${comparison.meanLoss?.toFixed(4)} against ${comparison.otherMeanLoss?.toFixed(4)}`);
  }
  for (const line of hopsToFullTraffic(events)) say(`   ${line}`);

  say('');
  say('   The cascades');
  for (const drift of cascadeRoots(events)) await cli.show(['cascades', drift.correlation]);
  say('');
  await cli.show(['audit', 'verify', '--since', story.checkpointFile]);
}

interface Comparison { modelVersion: number; otherModelVersion: number; rows: number; metric: string; meanLoss: number | null; otherMeanLoss: number | null; blocks: { block: string }[] }

function cascadeRoots(events: PublicEvents): PublicEvent[] {
  const roots = [...events.all('millrace.monitoring.drift.detected.v1'), ...events.all('millrace.monitoring.performance.degraded.v1')];
  return [...new Map(roots.map((event) => [event.correlation, event])).values()].sort((a, b) => a.timeMs - b.timeMs);
}

/** From the event that started a cascade to full traffic: wall time, and how much of it was no waiting for labels, training or shadow evidence. */
function hopsToFullTraffic(events: PublicEvents): string[] {
  const lines: string[] = [];
  for (const root of cascadeRoots(events)) {
    const inCascade = (type: string): PublicEvent[] => events.all(type).filter((event) => event.correlation === root.correlation);
    const requested = inCascade('millrace.training.run.requested.v1')[0];
    const trained = inCascade('millrace.training.run.completed.v1')[0];
    const approved = inCascade('millrace.registry.model-version.approved.v1')[0];
    const full = inCascade('millrace.deployment.rollout.stepped.v1').find((event) => event.data.trafficRatio === 1);
    if (!requested || !trained || !approved || !full) continue;
    const seconds = (from: PublicEvent, to: PublicEvent): string => ((to.timeMs - from.timeMs) / 1000).toFixed(1);
    lines.push(`From ${root.type.split('.').slice(2, 4).join('.')} to full traffic ${seconds(root, full)} s: ${seconds(root, requested)} s until labels had matured, ${seconds(requested, trained)} s training set and training, ${seconds(trained, approved)} s evaluation and approval, ${seconds(approved, full)} s shadow and canary (replayed days)`);
  }
  return lines;
}
