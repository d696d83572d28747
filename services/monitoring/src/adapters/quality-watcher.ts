import { Inject, Injectable } from '@nestjs/common';
import { dataSetOf, firstWindowOf, monitoringPolicyOf, qualityModelsOf, qualityOfWindow, slicingOf, windowAt } from '@millrace/decisions';
import type { ClockWindow, LabelClock, LoggedPrediction, QualityPolicy } from '@millrace/decisions';
import { Logger, timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import { IsNull, LessThanOrEqual, Not } from 'typeorm';
import { PerformanceRow } from '../store/performance.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { PublishedTableRow } from '../store/published-table.row.js';
import { QualityReferenceRow } from '../store/quality-reference.row.js';
import { fileQuality } from '../use-cases/file-quality.js';
import { alertOfQuality } from '../use-cases/alert-of-quality.js';
import { servingMeasuresOf } from '../use-cases/serving-measures.js';
import type { BusinessValue, ServingEvidence } from '../use-cases/serving-measures.js';
import { QualityReader } from './quality-reader.js';
import { SkewReader } from './skew-reader.js';
import { watchEach } from './watch-each.js';

const INTERVAL_MS = 5_000;
/** So many windows with outcomes make what later ones are held against. */
const REFERENCE_WINDOWS = 5;
const MOST_WINDOWS_AT_ONCE = 20;

/** Measures windows when they close, when their labels are due and once more when late labels may have come. */
@Injectable()
export class QualityWatcher {
  /** Failures that were told of, by pipeline. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly reader: QualityReader,
    private readonly skew: SkewReader,
    @Inject(Logger) private readonly logger: Logger,
    workers: Workers,
  ) {
    workers.add({ name: 'measure-quality', intervalMs: INTERVAL_MS, run: () => this.run() });
  }

  private async run(): Promise<boolean> {
    const pipelines = await this.work.read((tx) => tx.findMany(PipelineRow, { order: { pipeline: 'ASC' } }));
    return watchEach(pipelines, (pipeline) => this.watch(pipeline), { logger: this.logger, told: this.told });
  }

  private async watch(pipeline: PipelineRow): Promise<boolean> {
    if (!pipeline.predictions || !pipeline.nextWindowAt) return false;
    const next = await this.nextWindow(pipeline);
    if (next) {
      const versions = await this.reader.versionsOf(pipeline, next);
      const expected = versions.length > 0 ? versions : pipeline.champion ? [pipeline.champion.modelVersion] : [];
      for (const version of expected) await this.measure(pipeline, version, next);
    }
    const due = await this.dueWindows(pipeline);
    for (const { modelVersion, fromAt, toAt } of due) await this.measure(pipeline, modelVersion, { fromMs: fromAt.getTime(), toMs: toAt.getTime() });
    return next !== null || due.length > 0;
  }

  /** The first closed window that was not measured yet. */
  private async nextWindow({ pipeline, nextWindowAt, firstPredictionAt, definition }: PipelineRow): Promise<ClockWindow | null> {
    const [last] = await this.work.read((tx) => tx.findMany(PerformanceRow, { where: { pipeline }, order: { fromAt: 'DESC' }, take: 1 }));
    const { windowMs } = definition.monitoring;
    const fromMs = last ? last.toAt.getTime() : firstWindowOf(firstPredictionAt?.getTime() ?? Infinity, windowMs).fromMs;
    return fromMs + windowMs <= (nextWindowAt?.getTime() ?? -Infinity) ? windowAt(fromMs, windowMs) : null;
  }

  private dueWindows({ pipeline, labels }: PipelineRow): Promise<PerformanceRow[]> {
    if (!labels?.watermark) return Promise.resolve([]);
    const knownUntil = new Date(labels.watermark);
    return this.work.read((tx) => tx.findMany(PerformanceRow, { where: [{ pipeline, dueAt: LessThanOrEqual(knownUntil) }], order: { fromAt: 'ASC' }, take: MOST_WINDOWS_AT_ONCE }));
  }

  private async measure(pipeline: PipelineRow, modelVersion: number, window: ClockWindow): Promise<void> {
    const { definition, labels } = pipeline;
    const policy = qualityPolicyOf(definition);
    const clock = { knownUntilMs: labels?.watermark ? Date.parse(labels.watermark) : -Infinity, maturesAfterMs: definition.label.maturesAfterMs };
    const logged = await this.reader.predictions(pipeline, modelVersion, window);
    const reference = await this.referenceOf(pipeline, modelVersion, logged, clock, policy);
    const quality = qualityOfWindow(window, logged, clock, reference, policy);
    const serving = servingMeasuresOf(await this.serving(pipeline, modelVersion, window), policy.limits);
    const fromAt = new Date(window.fromMs);
    const read = { pipeline: pipeline.pipeline, modelVersion, fromAt, toAt: new Date(window.toMs), knownUntil: Number.isFinite(clock.knownUntilMs) ? new Date(clock.knownUntilMs) : null, dueAt: dueAfter(window, clock), quality, serving };
    const cause = timerCause({ name: 'monitoring', ...(pipeline.labels ?? pipeline.predictions)?.cascade, project: definition.project, pipelineVersion: pipeline.version });
    await this.work.run(cause, async (tx) => alertOfQuality(tx, pipeline.pipeline, modelVersion, fromAt, await fileQuality(tx, read)));
  }

  private async serving(pipeline: PipelineRow, modelVersion: number, window: ClockWindow): Promise<ServingEvidence> {
    const { definition } = pipeline;
    const tables = await this.work.read((tx) => tx.findMany(PublishedTableRow));
    const urls = new Map(tables.map(({ dataSet, url }) => [dataSet, url]));
    const sources = [...new Set(definition.features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature.dataSet] : [])))].flatMap((dataSet) => {
      const url = urls.get(dataSet);
      return url === undefined ? [] : [{ dataSet, url, knownAtColumn: dataSetOf(definition, dataSet).knownAtColumn }];
    });
    const business: BusinessValue[] = [];
    for (const metric of definition.monitoring.business ?? []) {
      const url = urls.get(metric.dataSet);
      const { eventTimeColumn } = dataSetOf(definition, metric.dataSet);
      business.push({ name: metric.name, bad: metric.bad, ...(url === undefined ? { value: null, rows: 0 } : await this.reader.business(metric, { url, eventTimeColumn }, window)) });
    }
    return { traffic: await this.reader.traffic(pipeline, modelVersion, window), agreements: await this.skew.agreements(pipeline, urls, window), ages: await this.reader.sourceAges(pipeline, sources, window), business };
  }

  /** Slices are pinned by the version's first window, calibration and losses by its first windows with outcomes. */
  private async referenceOf(pipeline: PipelineRow, modelVersion: number, logged: readonly LoggedPrediction[], clock: LabelClock, policy: QualityPolicy): Promise<QualityReferenceRow> {
    const key = { pipeline: pipeline.pipeline, modelVersion };
    const known = await this.work.read((tx) => tx.find(QualityReferenceRow, key));
    if (known && (known.lossModel || !(await this.isRipe(key)))) return known;
    const sliced = [...new Set([...(pipeline.definition.monitoring.slices ?? []), ...policy.fairness.by])];
    const slicings = known?.slicings ?? sliced.map((column) => {
      const place = policy.features.findIndex(({ name }) => name === column);
      return slicingOf(column, logged.map(({ features }) => features[place] ?? null), policy.features[place]?.kind ?? 'category');
    });
    const models = known ? qualityModelsOf(await this.firstOutcomes(pipeline, modelVersion), clock, policy) : { calibration: null, lossModel: null };
    if (models.lossModel) this.logger.info({ ...key }, 'a version has what its later quality is held against');
    const row = { ...key, slicings, ...models };
    await this.work.run(timerCause({ name: 'monitoring', project: pipeline.definition.project }), (tx) => tx.save(QualityReferenceRow, row));
    return row;
  }

  private async isRipe(key: { pipeline: string; modelVersion: number }): Promise<boolean> {
    return (await this.measuredWindows(key)).length >= REFERENCE_WINDOWS;
  }

  private async firstOutcomes(pipeline: PipelineRow, modelVersion: number): Promise<LoggedPrediction[]> {
    const windows = await this.measuredWindows({ pipeline: pipeline.pipeline, modelVersion });
    const logged: LoggedPrediction[] = [];
    for (const { fromAt, toAt } of windows) logged.push(...(await this.reader.predictions(pipeline, modelVersion, { fromMs: fromAt.getTime(), toMs: toAt.getTime() })));
    return logged;
  }

  private async measuredWindows(key: { pipeline: string; modelVersion: number }): Promise<PerformanceRow[]> {
    const rows = await this.work.read((tx) => tx.findMany(PerformanceRow, { where: { ...key, fromAt: Not(IsNull()) }, order: { fromAt: 'ASC' }, take: 4 * REFERENCE_WINDOWS }));
    return rows.filter(({ measured }) => measured.quality === 'measured').slice(0, REFERENCE_WINDOWS);
  }
}

function qualityPolicyOf(definition: PipelineRow['definition']): QualityPolicy {
  const { monitoring, features, label, evaluation } = definition;
  return {
    task: label.task,
    loss: evaluation.metric,
    minimumRows: monitoringPolicyOf(monitoring).minimumRows,
    windowMs: monitoring.windowMs,
    features: features.map(({ name, type }) => ({ name, kind: type === 'string' ? 'category' : 'numeric' })),
    fairness: monitoring.fairness ?? { by: [], largestGaps: {} },
    limits: monitoring.limits ?? {},
  };
}

/** Measured when its labels are due, and once more when late ones may have come; then never again. */
function dueAfter({ toMs, fromMs }: ClockWindow, { knownUntilMs, maturesAfterMs }: LabelClock): Date | null {
  const final = toMs + maturesAfterMs;
  const late = final + maturesAfterMs + (toMs - fromMs);
  return knownUntilMs < final ? new Date(final) : knownUntilMs < late ? new Date(late) : null;
}
