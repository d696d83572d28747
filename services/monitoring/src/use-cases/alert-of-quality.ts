import type { Finding } from '@millrace/contracts';
import { alarmRunOf } from '@millrace/decisions';
import type { Assessment } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { PerformanceRow } from '../store/performance.row.js';
import type { MeasuredWindow } from '../store/performance.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import type { FiledQuality } from './file-quality.js';
import { liveIncident, openIncident } from './live-incident.js';

const REMEMBERED_WINDOWS = 28;
/** Measures of outcomes, which a performance incident speaks of already. */
const OF_OUTCOMES = ['calibration', 'concept'];

type RunVerdict = 'in-bounds' | 'out-of-bounds' | 'too-thin';

/**
 * Alerts by what was measured of the version that answers, each kind with an incident of its own: expected losses (`estimate`), what
 * is watched besides (`measure`) and gaps between groups (`fairness`). None of them trains or moves traffic. A window is measured
 * several times, as outcomes come; it counts once.
 */
export async function alertOfQuality(tx: Tx, pipelineId: string, modelVersion: number, fromAt: Date, filed: FiledQuality): Promise<void> {
  const pipeline = await tx.lock(PipelineRow, { pipeline: pipelineId }, 'pipeline-not-found');
  if (pipeline.champion?.modelVersion !== modelVersion) return;
  const rows = await tx.findMany(PerformanceRow, { where: { pipeline: pipelineId, modelVersion }, order: { fromAt: 'DESC' }, take: REMEMBERED_WINDOWS });
  const windows = rows.reverse();
  const upToThis = windows.filter((window) => window.fromAt <= fromAt);
  await liveMeasures(tx, pipeline, windows, filed.before === null);
  for (const kind of ['estimate', 'fairness'] as const) await liveJudged(tx, pipeline, kind, upToThis, filed);
}

/** Each measure for itself leaves its bounds in `alarmAfter` of `of` windows; what several do by chance in turn is no alarm. */
async function liveMeasures(tx: Tx, pipeline: PipelineRow, windows: readonly PerformanceRow[], isNewest: boolean): Promise<void> {
  const newest = windows.at(-1);
  if (!newest) return;
  const isTold = (await openIncident(tx, pipeline.pipeline, 'performance')) !== null;
  const all = windows.flatMap(({ measured }) => measured.measures).filter(({ kind }) => !isTold || !OF_OUTCOMES.includes(kind));
  const runs = [...new Set(all.map(({ name }) => name))].map((name) => ({ name, run: alarmRunOf(windows.map((window) => ({ from: window.fromAt.toISOString(), verdict: verdictOfMeasure(name, window) })), pipeline.definition.monitoring) }));
  const alarmed = runs.filter(({ run }) => run.alarmed);
  const because = alarmed.flatMap(({ name }) => all.findLast((measure) => measure.name === name && measure.verdict === 'out-of-bounds')?.finding ?? []);
  const verdict: Assessment['verdict'] = alarmed.length > 0 ? 'alarm' : isNewest && all.some((measure) => measure.verdict === 'in-bounds') ? 'in-bounds' : 'cannot-say';
  const changePoint = alarmed.flatMap(({ run }) => run.changePoint ?? []).sort()[0] ?? null;
  const assessment: Assessment = { from: newest.fromAt.toISOString(), to: newest.toAt.toISOString(), verdict, diagnosis: 'cannot-say', changePoint };
  await liveIncident(tx, pipeline, { kind: 'measure', columns: [], because, assessment, changeInterval: null });
}

function verdictOfMeasure(name: string, { measured }: PerformanceRow): RunVerdict {
  const verdict = measured.measures.find((measure) => measure.name === name)?.verdict ?? 'cannot-say';
  return verdict === 'cannot-say' ? 'too-thin' : verdict;
}

async function liveJudged(tx: Tx, pipeline: PipelineRow, kind: 'estimate' | 'fairness', windows: readonly PerformanceRow[], { measured, before }: FiledQuality): Promise<void> {
  const judged = windows.map(({ fromAt, measured: each }) => ({ from: fromAt.toISOString(), verdict: kind === 'estimate' ? verdictOfEstimate(each) : verdictOfGaps(each) }));
  const newest = windows.at(-1);
  const last = judged.at(-1);
  if (!newest || !last) return;
  const run = alarmRunOf(judged, pipeline.definition.monitoring);
  const isCounted = before?.quality === 'measured';
  const verdict: Assessment['verdict'] = last.verdict === 'too-thin' || (last.verdict === 'in-bounds' && isCounted) ? 'cannot-say' : run.alarmed ? 'alarm' : last.verdict;
  const assessment: Assessment = { from: last.from, to: newest.toAt.toISOString(), verdict, diagnosis: 'cannot-say', changePoint: run.changePoint };
  await liveIncident(tx, pipeline, { kind, columns: [], because: kind === 'estimate' ? reasonsOfEstimate(measured) : reasonsOfGaps(measured), assessment, changeInterval: null });
}

/** An estimate ends nothing: a window is in bounds only once its outcomes are known, and out of bounds while the estimate alerts. */
function verdictOfEstimate({ quality, estimate }: MeasuredWindow): RunVerdict {
  return quality === 'measured' ? 'in-bounds' : estimate?.action === 'alert' ? 'out-of-bounds' : 'too-thin';
}

function verdictOfGaps({ fairness }: MeasuredWindow): RunVerdict {
  const verdicts = fairness.map(({ verdict }) => verdict);
  return verdicts.includes('out-of-bounds') ? 'out-of-bounds' : verdicts.includes('in-bounds') ? 'in-bounds' : 'too-thin';
}

function reasonsOfEstimate({ because }: MeasuredWindow): Finding[] {
  return because.filter(({ check }) => check.startsWith('expected-loss'));
}

function reasonsOfGaps({ fairness }: MeasuredWindow): Finding[] {
  return fairness.flatMap(({ verdict, column, metric, gap, highest, lowest }) => (verdict === 'out-of-bounds' ? [{ check: `gap-of-${metric}-by-${column}`, passed: false, measured: gap, detail: `${highest} above ${lowest}` }] : []));
}
