import type { Finding } from '@millrace/contracts';
import { alarmRunOf } from '@millrace/decisions';
import type { Assessment, IncidentKind } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { LessThanOrEqual } from 'typeorm';
import { PerformanceRow } from '../store/performance.row.js';
import type { MeasuredWindow } from '../store/performance.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { liveIncident } from './live-incident.js';

const REMEMBERED_WINDOWS = 28;

/**
 * Alerts by what was measured of the version that answers, each kind with an incident of its own: expected losses (`estimate`), what
 * is watched besides (`measure`) and gaps between groups (`fairness`). None of them trains or moves traffic.
 */
export async function alertOfQuality(tx: Tx, pipelineId: string, modelVersion: number, fromAt: Date, measured: MeasuredWindow): Promise<void> {
  const pipeline = await tx.lock(PipelineRow, { pipeline: pipelineId }, 'pipeline-not-found');
  if (pipeline.champion?.modelVersion !== modelVersion) return;
  const rows = await tx.findMany(PerformanceRow, { where: { pipeline: pipelineId, modelVersion, fromAt: LessThanOrEqual(fromAt) }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  const windows = rows.reverse();
  for (const kind of ['estimate', 'measure', 'fairness'] as const) await live(tx, pipeline, kind, windows, measured);
}

async function live(tx: Tx, pipeline: PipelineRow, kind: IncidentKind & ('estimate' | 'measure' | 'fairness'), windows: readonly PerformanceRow[], measured: MeasuredWindow): Promise<void> {
  const judged = windows.map(({ fromAt, measured: each }) => ({ from: fromAt.toISOString(), verdict: verdictOf(kind, each) }));
  const newest = windows.at(-1);
  const last = judged.at(-1);
  if (!newest || !last) return;
  const run = alarmRunOf(judged, pipeline.definition.monitoring);
  const verdict: Assessment['verdict'] = last.verdict === 'too-thin' ? 'cannot-say' : run.alarmed ? 'alarm' : last.verdict;
  const assessment: Assessment = { from: last.from, to: newest.toAt.toISOString(), verdict, diagnosis: 'cannot-say', changePoint: run.changePoint };
  await liveIncident(tx, pipeline, { kind, columns: [], because: reasonsOf(kind, measured), assessment, changeInterval: null });
}

/**
 * An estimate ends nothing: a window is in bounds only once its outcomes are known, and out of bounds while the estimate alerts.
 * Measures that could not be told count neither way.
 */
function verdictOf(kind: 'estimate' | 'measure' | 'fairness', { quality, estimate, measures, fairness }: MeasuredWindow): 'in-bounds' | 'out-of-bounds' | 'too-thin' {
  if (kind === 'estimate') return quality === 'measured' ? 'in-bounds' : estimate?.action === 'alert' ? 'out-of-bounds' : 'too-thin';
  const verdicts = (kind === 'measure' ? measures : fairness).map(({ verdict }) => verdict);
  if (verdicts.includes('out-of-bounds')) return 'out-of-bounds';
  return verdicts.includes('in-bounds') ? 'in-bounds' : 'too-thin';
}

function reasonsOf(kind: 'estimate' | 'measure' | 'fairness', { because, measures, fairness }: MeasuredWindow): Finding[] {
  if (kind === 'measure') return measures.flatMap(({ verdict, finding }) => (verdict === 'out-of-bounds' ? [finding] : []));
  if (kind === 'estimate') return because.filter(({ check }) => check.startsWith('expected-loss'));
  return fairness.flatMap(({ verdict, column, metric, gap, highest, lowest }) => (verdict === 'out-of-bounds' ? [{ check: `gap-of-${metric}-by-${column}`, passed: false, measured: gap, detail: `${highest} above ${lowest}` }] : []));
}
