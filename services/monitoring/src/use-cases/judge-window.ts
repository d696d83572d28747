import { columnWindowOf, decideDrift, diagnose, monitoringPolicyOf, pinColumn, referenceOf } from '@millrace/decisions';
import type { Assessment, ClockWindow, ColumnValue, DriftDecision, JudgedWindow, MonitoringPolicy, Reference, WindowProfile } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { IsNull } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import type { ScoreReference } from '../store/reference.row.js';
import { WindowRow } from '../store/window.row.js';
import { usualLosses } from './judge-outcomes.js';
import { liveIncident } from './live-incident.js';

/** What was read of a window: each watched column's values over all served rows, and the scores of the version that answers. */
export interface WindowValues {
  rows: number;
  columns: Readonly<Record<string, readonly ColumnValue[]>>;
  scores: readonly number[];
}

const SCORE = 'score';
/** So many windows in bounds make the reference of a version's scores. */
const SCORE_WINDOWS = 5;
const REMEMBERED_WINDOWS = 60;

/** Judges one closed window of inputs and answers, and lives the incidents it makes. Nothing when someone judged it meanwhile. */
export async function judgeWindow(tx: Tx, pipelineId: string, window: ClockWindow, values: WindowValues): Promise<void> {
  const pipeline = await tx.lock(PipelineRow, { pipeline: pipelineId }, 'pipeline-not-found');
  const { champion, definition } = pipeline;
  if (!champion || pipeline.nextWindowAt?.getTime() !== window.fromMs) return;
  const row = await tx.lock(ReferenceRow, { pipeline: pipelineId, run: champion.run }, 'reference-not-found');
  const policy = monitoringPolicyOf(definition.monitoring);
  const scores = scoreReferenceOf(row.scores, values);
  const reference = withScores(row.inputs ?? { windows: [], columns: [] }, scores, policy);
  const profile = profileOf(window, values, reference, scores);
  const recent = await recentWindows(tx, pipeline);
  const decision = decideDrift(profile, reference, recent, policy);
  await tx.save(ReferenceRow, { ...row, scores: learned(scores, profile, decision.next) });
  await tx.save(PipelineRow, { ...pipeline, nextWindowAt: new Date(window.toMs) });
  const incident = await liveDataIncident(tx, pipeline, decision, recent);
  await tx.save(WindowRow, rowOf(pipeline, decision, incident, await knownOutcome(tx, pipeline, window)));
  await liveDrift(tx, pipeline, decision, policy);
}

async function liveDataIncident(tx: Tx, pipeline: PipelineRow, { next, columns }: DriftDecision, recent: readonly JudgedWindow[]): Promise<string | null> {
  const broken = next.signs.length > 0;
  const moved = new Set(next.signs.map(({ column }) => column));
  const before = recent.at(-1);
  const beganBefore = broken && before?.columns.some(({ column, distance, threshold }) => moved.has(column) && distance > threshold);
  const because = next.signs.map(({ finding }) => finding);
  const { row, raised } = await liveIncident(tx, pipeline, {
    kind: 'data',
    columns,
    because,
    assessment: {
      from: next.from,
      to: next.to,
      verdict: broken ? 'alarm' : next.verdict === 'too-thin' ? 'cannot-say' : next.verdict,
      diagnosis: 'data-incident',
      changePoint: beganBefore ? (before?.from ?? next.from) : next.from,
    },
  });
  if (raised && row) {
    tellOfDrift(tx, pipeline, row.incident, { diagnosis: 'data-incident', changePoint: row.life.changePoint, window: next, columns, because });
    if (beganBefore && before) await markIncident(tx, pipeline, before.from, row.incident);
  }
  return row && row.life.state === 'raised' && next.verdict !== 'in-bounds' ? row.incident : null;
}

async function liveDrift(tx: Tx, pipeline: PipelineRow, decision: DriftDecision, policy: MonitoringPolicy): Promise<void> {
  const { next, columns } = decision;
  const broken = next.signs.length > 0;
  const { diagnosis, because: reasons } = await diagnosed(tx, pipeline, decision, policy);
  const verdict: Assessment['verdict'] = broken || decision.verdict === 'cannot-say' ? 'cannot-say' : decision.verdict === 'drift' ? 'alarm' : next.verdict === 'in-bounds' ? 'in-bounds' : 'out-of-bounds';
  const because = [...decision.because, ...reasons];
  const { row, raised } = await liveIncident(tx, pipeline, { kind: 'drift', columns, because, assessment: { from: next.from, to: next.to, verdict, diagnosis, changePoint: decision.changePoint } });
  if (raised && row) tellOfDrift(tx, pipeline, row.incident, { diagnosis, changePoint: row.life.changePoint, window: next, columns, because });
}

async function diagnosed(tx: Tx, pipeline: PipelineRow, { changePoint, columns }: DriftDecision, policy: MonitoringPolicy): Promise<ReturnType<typeof diagnose>> {
  const champion = pipeline.champion;
  const windows = await tx.findMany(WindowRow, { where: { pipeline: pipeline.pipeline, modelVersion: champion?.modelVersion ?? 0 }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  const outcomes = windows.flatMap(({ outcome, incident }) => (outcome && !incident ? [outcome] : [])).reverse();
  const reference = await tx.find(ReferenceRow, { pipeline: pipeline.pipeline, run: champion?.run ?? '' });
  const latest = outcomes.at(-1);
  return diagnose(
    {
      signs: [],
      inputsDrifted: columns.some(({ column }) => column !== SCORE),
      degraded: !latest || latest.verdict === 'cannot-say' ? null : latest.verdict === 'degraded',
      matured: outcomes.map(({ losses }) => losses).filter(({ from }) => changePoint !== null && from >= changePoint),
      reference: reference ? usualLosses(reference) : [],
    },
    policy,
  );
}

function tellOfDrift(
  tx: Tx,
  { pipeline, champion }: PipelineRow,
  incident: string,
  found: { diagnosis: Assessment['diagnosis']; changePoint: string; window: JudgedWindow; columns: DriftDecision['columns']; because: DriftDecision['because'] },
): void {
  const { diagnosis, changePoint, window, columns, because } = found;
  const modelVersion = champion?.modelVersion ?? 1;
  tx.emit('millrace.monitoring.drift.detected.v1', { pipeline, modelVersion, incident, diagnosis, changePoint, window: { from: window.from, to: window.to }, columns, because });
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

function rowOf({ pipeline, champion }: PipelineRow, { next, because }: DriftDecision, incident: string | null, outcome: WindowRow['outcome']): WindowRow {
  return { pipeline, modelVersion: champion?.modelVersion ?? 0, fromAt: new Date(next.from), toAt: new Date(next.to), inputs: next, because, outcome, incident };
}

function scoreReferenceOf(known: ScoreReference | null, { scores }: WindowValues): ScoreReference | null {
  return known ?? (scores.length > 0 ? { column: pinColumn(SCORE, 'numeric', scores), windows: [] } : null);
}

function withScores(inputs: Reference, scores: ScoreReference | null, policy: MonitoringPolicy): Reference {
  if (!scores || scores.windows.length < SCORE_WINDOWS) return inputs;
  const windows = scores.windows.map(({ score, ...window }): WindowProfile => ({ ...window, columns: { [SCORE]: score } }));
  const alphaPerWindow = policy.alphaPerWindow / (inputs.columns.length + 1);
  // What a model answers can be constant or grow without its data being broken: scores give no signs of a data incident.
  const unsigned = { varies: false, shapeThreshold: null, missingBound: Infinity, unseenBound: Infinity };
  const [score] = referenceOf([scores.column], windows, { ...policy, alphaPerWindow }).columns;
  return score ? { ...inputs, columns: [...inputs.columns, { ...score, ...unsigned }] } : inputs;
}

function profileOf(window: ClockWindow, values: WindowValues, reference: Reference, scores: ScoreReference | null): WindowProfile {
  const inputs = reference.columns.flatMap(({ column }) => {
    const seen = values.columns[column.name];
    return seen ? [[column.name, columnWindowOf(column, seen)] as const] : [];
  });
  const score = scores && values.scores.length > 0 ? [[SCORE, columnWindowOf(scores.column, values.scores)] as const] : [];
  return { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString(), rows: values.rows, columns: Object.fromEntries([...inputs, ...score]) };
}

/** The first windows in bounds become the reference of the scores. */
function learned(scores: ScoreReference | null, { from, to, rows, columns }: WindowProfile, { verdict }: JudgedWindow): ScoreReference | null {
  const score = columns[SCORE];
  if (!scores || !score || scores.windows.length >= SCORE_WINDOWS || verdict !== 'in-bounds') return scores;
  return { ...scores, windows: [...scores.windows, { from, to, rows, score }] };
}

