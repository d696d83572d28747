import type { CampaignOutcome } from './campaign.ts';
import { countCascades } from './check/check-cascades.ts';
import { grouped } from './check/grouped.ts';

const mostShown = 20;

/** The outcome in lines: what was made, what was counted, what is wrong. */
export function summaryOf({ findings, facts, faults, tookMs, asked, askedAgain }: CampaignOutcome): string[] {
  const kinds = [...grouped(faults, ({ trouble }) => trouble.kind)].map(([kind, { length }]) => `${length} ${kind}`).join(', ');
  const lines = [`${faults.length} faults in ${(tookMs / 60_000).toFixed(1)} minutes: ${kinds}`];
  if (facts) {
    const ids = new Set(facts.events.map(({ headers }) => headers['ce_id']));
    const { requested, rolledOut, rejected, failed, cancelled } = countCascades(facts);
    const [published, quarantined] = (['published', 'quarantined'] as const).map((what) => facts.dataSets.reduce((sum, set) => sum + set[what].length, 0));
    lines.push(
      `${ids.size} lifecycle events on ${facts.events.length} offsets (${facts.events.length - ids.size} sent again), ${facts.audit.entries.length} audit entries, the root recomputed over ${facts.audit.size}`,
      `${facts.records.length} data records: ${published} published once, ${quarantined} in quarantine; ${facts.promises.predictions.length} predictions answered`,
      `${requested} runs asked for: ${rolledOut} rolled out, ${rejected} refused, ${failed} failed, ${cancelled} cancelled for broken data; ${asked} client requests, ${askedAgain} of them asked again`,
    );
  }
  const byCheck = [...grouped(findings, ({ check }) => check)];
  lines.push(findings.length === 0 ? 'Nothing lost, nothing doubled, everything in order' : `${findings.length} findings: ${byCheck.map(([check, { length }]) => `${length} ${check}`).join(', ')}`);
  for (const [check, group] of byCheck) {
    for (const { detail } of group.slice(0, mostShown)) lines.push(`  ${check}: ${detail}`);
    if (group.length > mostShown) lines.push(`  ${check}: and ${group.length - mostShown} more`);
  }
  return lines;
}
