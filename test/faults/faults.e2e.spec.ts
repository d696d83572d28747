import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resetHome } from '@millrace/infra';
import { runCampaign } from './campaign.ts';
import type { CampaignOutcome } from './campaign.ts';
import { lightPipelines } from './load/light-pipeline.ts';
import { missingAfterwards, predictThroughOutage } from './outage.ts';
import type { OutageOutcome } from './outage.ts';
import { summaryOf } from './summary.ts';
import { Timeline } from './timeline.ts';

/** Whose first twelve faults are one of each kind, the broker killed and Postgres restarted among them. */
const seed = 146;
const useCases = lightPipelines.slice(0, 2);
const outageMs = 5_000;

/** A short form of `npm run test:faults` and `npm run test:outage`: the real platform in processes of its own, real faults, the independent checker. */
describe('a short fault campaign', () => {
  const home = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  let campaign: CampaignOutcome;
  let outage: OutageOutcome;

  beforeAll(async () => {
    const timeline = new Timeline(join(home, 'timeline.log'));
    const afterwards = async (platform: Parameters<typeof predictThroughOutage>[0]): Promise<[]> => {
      outage = await predictThroughOutage(platform, { seed, outageMs, everyMs: 50, pipelines: useCases, timeline });
      return [];
    };
    campaign = await runCampaign({ seed, count: 12, meanGapMs: 1_500, useCases, tickMs: 2_000, replicas: { registry: 2 }, home, timeline, afterwards });
  }, 600_000);
  afterAll(async () => {
    await resetHome(home);
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  it('ends with nothing lost, nothing doubled, everything in order', () => {
    expect(summaryOf(campaign).filter((line) => line.startsWith('  '))).toEqual([]);
    expect(campaign.facts?.events.length).toBeGreaterThan(100);
    expect(campaign.facts?.promises.predictions.length).toBeGreaterThan(10);
  });

  it('is followed by an outage of everything but inference, which answers every prediction and says how stale it is', () => {
    expect(outage.findings).toEqual([]);
    expect(outage.answered).toBe(outage.asked);
    expect(outage.asked).toBeGreaterThan(20);
  });

  it('keeps every durable prediction of the outage, although inference was killed before Kafka came back', async () => {
    expect(outage.durable.length).toBeGreaterThan(5);
    expect(await missingAfterwards(home, useCases, outage.durable)).toEqual([]);
  }, 180_000);
});
