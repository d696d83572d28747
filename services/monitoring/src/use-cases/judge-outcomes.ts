import type { Finding } from '@millrace/contracts';
import { decideDegradation, diagnose, estimatedLossOf, finiteOrNull, labelsAssessmentOf, learnsLosses, lossWindowOf, monitoringPolicyOf, performanceAssessmentOf, usualLossesOf, worstSegments } from '@millrace/decisions';
import type { ClockWindow, DegradationDecision, LabelsAssessment, LossSegment, LossWindow, OutcomeRow, SumsByBin } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import { WindowRow } from '../store/window.row.js';
import { rulesOf } from './alarm-budget.js';
import { liveIncident, openIncident } from './live-incident.js';

const REMEMBERED_WINDOWS = 60;

/**
 * Judges how the predictions of one window turned out, now that their labels are final, and lives the incident it makes.
 * Windows of a data incident are left out: their losses say nothing of the model. Nothing when someone judged it meanwhile.
 * @param outcomes matured predictions with their labels, and their inputs in the order of the reference's columns
 */
export async function judgeOutcomes(tx: Tx, pipelineId: string, window: ClockWindow, outcomes: readonly OutcomeRow[]): Promise<void> {
  const pipeline = await tx.lock(PipelineRow, { pipeline: pipelineId }, 'pipeline-not-found');
  const { champion, definition } = pipeline;
  if (!champion || pipeline.nextOutcomeAt?.getTime() !== window.fromMs) return;
  await tx.save(PipelineRow, { ...pipeline, nextOutcomeAt: new Date(window.toMs) });
  if (outcomes.length === 0) return;
  const reference = await tx.lock(ReferenceRow, { pipeline: pipelineId, run: champion.run }, 'reference-not-found');
  const span = { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() };
  const losses = lossWindowOf(span, definition.evaluation.metric, outcomes, reference.inputs?.columns.map(({ column }) => column));
  const key = { pipeline: pipelineId, modelVersion: champion.modelVersion, fromAt: new Date(window.fromMs) };
  const row = (await tx.find(WindowRow, key)) ?? { ...key, toAt: new Date(window.toMs), inputs: null, edges: null, because: [], outcome: null, incident: null };
  if (row.incident) return keep(tx, row, losses, notJudged(row.incident));
  if (await learns(tx, reference, losses, monitoringPolicyOf(definition.monitoring).minimumRows)) return keep(tx, row, losses, learning());
  await judge(tx, pipeline, { row, losses, reference });
}

async function judge(tx: Tx, pipeline: PipelineRow, { row, losses, reference }: { row: WindowRow; losses: LossWindow; reference: ReferenceRow }): Promise<void> {
  const policy = monitoringPolicyOf(await rulesOf(tx, pipeline));
  const matured = [...(await judgedBefore(tx, row)), losses];
  const decision = decideDegradation(usualLosses(reference), matured, policy);
  await keep(tx, row, losses, decision);
  const labels = labelsAssessmentOf(matured, usualLosses(reference));
  if (labels) await liveLabels(tx, pipeline, labels);
  const drift = await openIncident(tx, pipeline.pipeline, 'drift');
  const { diagnosis, because: reasons } = diagnose(
    {
      signs: [],
      inputsDrifted: drift !== null,
      degraded: decision.verdict === 'degraded',
      matured: matured.filter(({ from }) => decision.changePoint !== null && from >= decision.changePoint),
      reference: usualLosses(reference),
    },
    policy,
  );
  const because = [...decision.because, ...reasons, ...(labels ? [labels.finding] : [])];
  const segments = decision.changePoint === null ? [] : grownSegments(reference, matured, decision.changePoint);
  const assessed = performanceAssessmentOf(decision, losses, diagnosis);
  const assessment = labels?.assessment.verdict === 'alarm' ? { ...assessed, verdict: 'cannot-say' as const } : assessed;
  const { row: incident, raised } = await liveIncident(tx, pipeline, { kind: 'performance', columns: [], because, changeInterval: null, segments, assessment });
  if (!raised || !incident) return;
  tx.emit('millrace.monitoring.performance.degraded.v1', {
    pipeline: pipeline.pipeline,
    modelVersion: row.modelVersion,
    incident: incident.incident,
    changePoint: incident.life.changePoint,
    window: { from: losses.from, to: losses.to },
    metric: pipeline.definition.evaluation.metric,
    measured: decision.measured,
    bound: decision.bound,
    estimatedLoss: estimatedLossOf({
      usual: usualLosses(reference),
      matured: matured.filter(({ from }) => from >= incident.life.changePoint),
      shifted: 0,
      rows: row.inputs?.rows ?? losses.rows,
      windowMs: pipeline.definition.monitoring.windowMs,
    }),
    segments,
    because,
  });
}

/** Where losses grew since the change point, against the windows before it. */
function grownSegments({ inputs }: ReferenceRow, matured: readonly LossWindow[], changePoint: string): LossSegment[] {
  const byBin = (windows: readonly LossWindow[]): Record<string, SumsByBin>[] => windows.flatMap(({ byBin: sums }) => (sums ? [sums] : []));
  return worstSegments(inputs?.columns ?? [], byBin(matured.filter(({ from }) => from >= changePoint)), byBin(matured.filter(({ from }) => from < changePoint)));
}

/** Flipped labels hold the cascade as broken inputs do: a model must not learn from them. */
async function liveLabels(tx: Tx, pipeline: PipelineRow, { assessment, finding }: LabelsAssessment): Promise<void> {
  const { from, to, changePoint } = assessment;
  const changeInterval = { from: changePoint, to };
  const { row, raised } = await liveIncident(tx, pipeline, { kind: 'labels', columns: [], because: [finding], changeInterval, assessment });
  if (!raised || !row) return;
  tx.emit('millrace.monitoring.drift.detected.v1', {
    pipeline: pipeline.pipeline,
    modelVersion: pipeline.champion?.modelVersion ?? 1,
    incident: row.incident,
    diagnosis: 'data-incident',
    changePoint,
    changeInterval,
    window: { from, to },
    columns: [],
    because: [finding],
  });
}

/** The hold-out's windows and, when those are few, the first served ones: they are not judged but what later ones are held against. */
export function usualLosses({ holdOutLosses, firstOutcomes }: ReferenceRow): LossWindow[] {
  return usualLossesOf(holdOutLosses, firstOutcomes);
}

/** Remembers a first window; true when it belongs to the reference and is not to be judged. */
async function learns(tx: Tx, reference: ReferenceRow, losses: LossWindow, minimumRows: number): Promise<boolean> {
  if (!learnsLosses(usualLosses(reference), losses, minimumRows)) return false;
  await tx.save(ReferenceRow, { ...reference, firstOutcomes: [...reference.firstOutcomes, losses] });
  return true;
}

async function judgedBefore(tx: Tx, { pipeline, modelVersion, fromAt }: WindowRow): Promise<LossWindow[]> {
  const rows = await tx.findMany(WindowRow, { where: { pipeline, modelVersion }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  return rows.flatMap((before) => (before.outcome && !before.incident && before.fromAt < fromAt && before.outcome.verdict !== 'cannot-say' ? [before.outcome.losses] : [])).reverse();
}

function keep(tx: Tx, row: WindowRow, losses: LossWindow, decision: Pick<DegradationDecision, 'verdict' | 'bound' | 'because'>): Promise<void> {
  return tx.save(WindowRow, { ...row, outcome: { losses, verdict: decision.verdict, bound: finiteOrNull(decision.bound), because: decision.because } });
}

function notJudged(incident: string): Pick<DegradationDecision, 'verdict' | 'bound' | 'because'> {
  const finding: Finding = { check: 'outside-of-data-incidents', passed: false, measured: incident, detail: 'Losses on broken data say nothing of the model' };
  return { verdict: 'cannot-say', bound: NaN, because: [finding] };
}

function learning(): Pick<DegradationDecision, 'verdict' | 'bound' | 'because'> {
  return { verdict: 'cannot-say', bound: NaN, because: [{ check: 'part-of-the-reference', passed: true, detail: 'One of the first windows: later ones are held against it' }] };
}
