import { boundedReference, dataAssessmentOf, decideDrift, diagnose, driftAssessmentOf, estimatedLossOf, monitoringPolicyOf } from '@millrace/decisions';
import type { Assessment, BinSums, ClockWindow, DriftDecision, JudgedWindow, MonitoringPolicy, SumsByBin, WindowProfile } from '@millrace/decisions';
import type { EstimatedLoss } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { IsNull } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import { WindowRow } from '../store/window.row.js';
import { rulesOf } from './alarm-budget.js';
import { usualLosses } from './judge-outcomes.js';
import { explained } from './explain-window.js';
import type { Example } from './explain-window.js';
import { liveIncident } from './live-incident.js';
import { SCORE, boundedScores, learned, scoreReferenceOf } from './score-reference.js';

/** What was counted of a window: each watched column over all served rows, and the scores of the version that answers. */
export interface SeenWindow {
  inputs: WindowProfile;
  /** Null while the bins of the scores are not pinned; then some of the scores. */
  scores: WindowProfile | null;
  scoreSample: number[];
  /** Scores of that version by the bins of the inputs. */
  scoreSums: BinSums;
}

const REMEMBERED_WINDOWS = 60;

/** Judges one closed window of inputs and answers, and lives the incidents it makes. Nothing when someone judged it meanwhile. */
export async function judgeWindow(tx: Tx, pipelineId: string, window: ClockWindow, seen: SeenWindow): Promise<void> {
  const pipeline = await tx.lock(PipelineRow, { pipeline: pipelineId }, 'pipeline-not-found');
  const { champion } = pipeline;
  if (!champion || pipeline.nextWindowAt?.getTime() !== window.fromMs) return;
  const row = await tx.lock(ReferenceRow, { pipeline: pipelineId, run: champion.run }, 'reference-not-found');
  const policy = monitoringPolicyOf(await rulesOf(tx, pipeline));
  if (!row.inputs) return;
  const scores = scoreReferenceOf(row.scores, seen.scoreSample);
  const recent = await recentWindows(tx, pipeline);
  const columns = { ...seen.inputs.columns, ...(scores ? seen.scores?.columns : {}) };
  const judged = decideDrift({ ...seen.inputs, columns, ...(pipeline.late ? { late: pipeline.late } : {}), ...(pipeline.refused ? { refused: pipeline.refused } : {}) }, boundedReference(row.inputs, policy), recent, policy, seen.scores && seen.scores.rows > 0 ? boundedScores(scores, row.inputs, policy) : []);
  const { decision, examples } = explained(judged, row.inputs, seen, await lossesByBin(tx, pipeline));
  await tx.save(ReferenceRow, { ...row, scores: learned(scores, seen.scores, decision.next) });
  await tx.save(PipelineRow, { ...pipeline, late: null, refused: null, nextWindowAt: new Date(window.toMs) });
  const incident = await liveDataIncident(tx, pipeline, decision, recent, examples);
  await tx.save(WindowRow, rowOf(pipeline, decision, { incident, edges: row.inputs.edges }, await knownOutcome(tx, pipeline, window)));
  await liveDrift(tx, pipeline, decision, policy, examples);
}

async function liveDataIncident(tx: Tx, pipeline: PipelineRow, decision: DriftDecision, recent: readonly JudgedWindow[], examples: Example[]): Promise<string | null> {
  const { next, columns } = decision;
  const broken = next.signs.length > 0;
  const before = recent.at(-1);
  const { beganBefore, ...assessment } = dataAssessmentOf(decision, before);
  const changePoint = assessment.changePoint ?? next.from;
  const because = next.signs.map(({ finding }) => finding);
  const changeInterval = broken ? { from: changePoint, to: decision.changeInterval && decision.changeInterval.to > changePoint ? decision.changeInterval.to : next.to } : null;
  const { row, raised } = await liveIncident(tx, pipeline, {
    kind: 'data',
    columns,
    because,
    changeInterval,
    examples,
    assessment,
  });
  if (raised && row) {
    tellOfDrift(tx, pipeline, row.incident, { diagnosis: 'data-incident', changePoint: row.life.changePoint, changeInterval, window: next, columns, because });
    if (beganBefore && before) await markIncident(tx, pipeline, before.from, row.incident);
  }
  return row && row.life.state === 'raised' && next.verdict !== 'in-bounds' ? row.incident : null;
}

async function liveDrift(tx: Tx, pipeline: PipelineRow, decision: DriftDecision, policy: MonitoringPolicy, examples: Example[]): Promise<void> {
  const { next, columns, changeInterval } = decision;
  const { diagnosis, because: reasons, estimatedLoss } = await diagnosed(tx, pipeline, decision, policy);
  const because = [...decision.because, ...reasons];
  const { row, raised } = await liveIncident(tx, pipeline, { kind: 'drift', columns, because, changeInterval, examples, assessment: driftAssessmentOf(decision, diagnosis) });
  if (raised && row) tellOfDrift(tx, pipeline, row.incident, { diagnosis, changePoint: row.life.changePoint, changeInterval, window: next, columns, because, estimatedLoss });
}

async function diagnosed(tx: Tx, pipeline: PipelineRow, { changePoint, columns, next }: DriftDecision, policy: MonitoringPolicy): Promise<ReturnType<typeof diagnose> & { estimatedLoss: EstimatedLoss }> {
  const champion = pipeline.champion;
  const windows = await tx.findMany(WindowRow, { where: { pipeline: pipeline.pipeline, modelVersion: champion?.modelVersion ?? 0 }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  const outcomes = windows.flatMap(({ outcome, incident }) => (outcome && !incident ? [outcome] : [])).reverse();
  const reference = await tx.find(ReferenceRow, { pipeline: pipeline.pipeline, run: champion?.run ?? '' });
  const latest = outcomes.at(-1);
  const matured = outcomes.map(({ losses }) => losses).filter(({ from }) => changePoint !== null && from >= changePoint);
  const usual = reference ? usualLosses(reference) : [];
  const shifted = Math.max(0, ...columns.map((column) => column.shifted ?? 0));
  const degraded = !latest || latest.verdict === 'cannot-say' ? null : latest.verdict === 'degraded';
  const judged = diagnose({ signs: [], inputsDrifted: columns.some(({ column }) => column !== SCORE), degraded, matured, reference: usual }, policy);
  return { ...judged, estimatedLoss: estimatedLossOf({ usual, matured, shifted, rows: next.rows, windowMs: pipeline.definition.monitoring.windowMs }) };
}

function tellOfDrift(
  tx: Tx,
  { pipeline, champion }: PipelineRow,
  incident: string,
  found: { diagnosis: Assessment['diagnosis']; changePoint: string; changeInterval: DriftDecision['changeInterval']; window: JudgedWindow; columns: DriftDecision['columns']; because: DriftDecision['because']; estimatedLoss?: EstimatedLoss },
): void {
  const { diagnosis, changePoint, changeInterval, window, columns, because, estimatedLoss } = found;
  const modelVersion = champion?.modelVersion ?? 1;
  tx.emit('millrace.monitoring.drift.detected.v1', { pipeline, modelVersion, incident, diagnosis, changePoint, ...(changeInterval ? { changeInterval } : {}), window: { from: window.from, to: window.to }, columns, ...(estimatedLoss ? { estimatedLoss } : {}), because });
}

/** Losses by the bins of the inputs over the matured windows of this version. */
async function lossesByBin(tx: Tx, { pipeline, champion }: PipelineRow): Promise<Record<string, SumsByBin>[]> {
  const rows = await tx.findMany(WindowRow, { where: { pipeline, modelVersion: champion?.modelVersion ?? 0 }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  return rows.flatMap(({ outcome, incident }) => (outcome?.losses.byBin && !incident ? [outcome.losses.byBin] : []));
}

/** Windows of this version before this one, oldest first, without those of a data incident: broken data say nothing of the world. */
async function recentWindows(tx: Tx, { pipeline, champion }: PipelineRow): Promise<JudgedWindow[]> {
  const where = { pipeline, modelVersion: champion?.modelVersion ?? 0, incident: IsNull() };
  const rows = await tx.findMany(WindowRow, { where, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  return rows.flatMap(({ inputs }) => inputs ?? []).reverse();
}

async function markIncident(tx: Tx, { pipeline, champion }: PipelineRow, from: string, incident: string): Promise<void> {
  const row = await tx.find(WindowRow, { pipeline, modelVersion: champion?.modelVersion ?? 0, fromAt: new Date(from) });
  if (row) await tx.save(WindowRow, { ...row, incident });
}

async function knownOutcome(tx: Tx, { pipeline, champion }: PipelineRow, window: ClockWindow): Promise<WindowRow['outcome']> {
  const row = await tx.find(WindowRow, { pipeline, modelVersion: champion?.modelVersion ?? 0, fromAt: new Date(window.fromMs) });
  return row?.outcome ?? null;
}

function rowOf({ pipeline, champion }: PipelineRow, { next, because }: DriftDecision, { incident, edges }: Pick<WindowRow, 'incident' | 'edges'>, outcome: WindowRow['outcome']): WindowRow {
  return { pipeline, modelVersion: champion?.modelVersion ?? 0, fromAt: new Date(next.from), toAt: new Date(next.to), inputs: next, edges, because, outcome, incident };
}
