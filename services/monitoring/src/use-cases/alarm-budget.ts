import { shareBudget } from '@millrace/decisions';
import type { AlarmBudget, MonitoringRules } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';

/** A pipeline's rules with what it may take of its project's budget of false alarms. */
export async function rulesOf(tx: Pick<ReadTx, 'query'>, { pipeline, definition }: PipelineRow): Promise<MonitoringRules> {
  const rules = definition.monitoring;
  const all = await tx.query<{ pipeline: string; monitoring: MonitoringRules & { projectFalseAlarms?: AlarmBudget } }>(
    `select pipeline, definition->'monitoring' as monitoring from pipelines where definition->>'project' = $1`,
    [definition.project],
  );
  const declared = all.flatMap(({ monitoring }) => monitoring.projectFalseAlarms ?? []);
  if (declared.length === 0) return rules;
  const project = declared.reduce((smallest, budget) => (budget.count / budget.perMs < smallest.count / smallest.perMs ? budget : smallest));
  const share = shareBudget(all.map((each) => ({ pipeline: each.pipeline, own: each.monitoring.falseAlarms })), project).get(pipeline);
  return { ...rules, falseAlarms: share === undefined ? rules.falseAlarms : { count: share * rules.falseAlarms.perMs, perMs: rules.falseAlarms.perMs } };
}
