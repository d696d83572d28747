import { Inject, Injectable } from '@nestjs/common';
import type { Artifact, Pipeline } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { lostReference } from '@millrace/decisions';
import type { LossWindow, Reference } from '@millrace/decisions';
import { Logger, timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import type { Worker } from '@millrace/runtime';
import { AnalysisRow } from '../store/analysis.row.js';
import type { Cascade } from '../store/cascade.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import { concludeAnalysis } from '../use-cases/conclude-analysis.js';
import { judgeOutcomes } from '../use-cases/judge-outcomes.js';
import { judgeWindow } from '../use-cases/judge-window.js';
import { beginningOf, closedWindowOf, maturedWindowOf } from '../use-cases/next-work.js';
import { AnalysisReader } from './analysis-reader.js';
import { PredictionReader } from './prediction-reader.js';
import { ReferenceBuilder } from './reference-builder.js';
import { watchEach } from './watch-each.js';

const INTERVAL_MS = 2_000;

/** Does what the clocks made due: reads outside of any transaction, then lets a use case judge what was read. */
@Injectable()
export class Watcher {
  private readonly worker: Worker;
  /** Failures that were told of, by pipeline. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly predictions: PredictionReader,
    private readonly references: ReferenceBuilder,
    private readonly analyses: AnalysisReader,
    @Inject(Logger) private readonly logger: Logger,
    workers: Workers,
  ) {
    this.worker = workers.add({ name: 'watch', intervalMs: INTERVAL_MS, run: () => this.run() });
  }

  /** Looks again soon: a clock moved, or a rollout asks for something. */
  wake(): void {
    this.worker.wake();
  }

  /** One piece of work per pipeline. @returns whether there may be more */
  private async run(): Promise<boolean> {
    const pipelines = await this.work.read((tx) => tx.findMany(PipelineRow, { order: { pipeline: 'ASC' } }));
    return watchEach(pipelines, (pipeline) => this.watch(pipeline), { logger: this.logger, told: this.told });
  }

  private async watch(pipeline: PipelineRow): Promise<boolean> {
    const analysed = await this.analyse(pipeline);
    if (!pipeline.champion) return analysed;
    if (!pipeline.nextWindowAt) return (await this.begin(pipeline)) || analysed;
    const isDue = closedWindowOf(pipeline) !== null || maturedWindowOf(pipeline) !== null;
    const reference = isDue ? await this.referenceOf(pipeline) : null;
    if (!reference) return analysed;
    return (await this.closeWindow(pipeline, reference)) || (await this.matureWindow(pipeline, reference)) || analysed;
  }

  private async begin(pipeline: PipelineRow): Promise<boolean> {
    const beginning = beginningOf(pipeline);
    if (!beginning) return false;
    await this.work.run(this.causeOf(pipeline.predictions?.cascade, pipeline), async (tx) => {
      const row = await tx.lock(PipelineRow, { pipeline: pipeline.pipeline }, 'pipeline-not-found');
      if (!row.nextWindowAt) await tx.save(PipelineRow, { ...row, nextWindowAt: beginning, nextOutcomeAt: beginning });
    });
    return true;
  }

  /** The champion's reference, read from its training set and its hold-out the first time; null while these were not announced. */
  private async referenceOf({ pipeline, champion, definition }: PipelineRow): Promise<ReferenceRow | null> {
    const key = { pipeline, run: champion?.run ?? '' };
    const known = await this.work.read((tx) => tx.find(ReferenceRow, key));
    if (!known?.trainingSet || !known.rowLosses) return null;
    if (known.inputs && known.inputs.lost === undefined) return known;
    const [inputs, holdOutLosses] = await this.readReference(known.trainingSet, known.rowLosses, definition);
    if (known.inputs && inputs.lost !== undefined) return known;
    this.logger.info({ pipeline, modelVersion: champion?.modelVersion, windows: inputs.windows.length, lossWindows: holdOutLosses.length }, 'a version has its reference');
    return this.work.run(timerCause({ name: 'monitoring', project: definition.project }), async (tx) => {
      const row = { ...(await tx.lock(ReferenceRow, key, 'reference-not-found')), inputs, holdOutLosses };
      await tx.save(ReferenceRow, row);
      return row;
    });
  }

  /** A reference whose objects are gone is known to be lost, so that its windows are judged `cannot-say` instead of waiting; it is looked for again. */
  private async readReference(trainingSet: NonNullable<ReferenceRow['trainingSet']>, rowLosses: Artifact, definition: Pipeline): Promise<[Reference, LossWindow[]]> {
    try {
      return [await this.references.inputs(trainingSet, definition), await this.references.losses(rowLosses, definition)];
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'object-not-found') throw error;
      this.logger.warn({ pipeline: definition.id, error: error.message }, 'the reference of a version is gone');
      return [lostReference(`The reference is gone: ${error.message}`), []];
    }
  }

  private async closeWindow(pipeline: PipelineRow, { inputs, scores }: ReferenceRow): Promise<boolean> {
    const window = closedWindowOf(pipeline);
    if (!window || !pipeline.champion || !inputs) return false;
    const pinned = { inputs: inputs.columns.map(({ column }) => column), score: scores?.column ?? null };
    const seen = await this.predictions.seenWindow(pipeline, pipeline.champion.modelVersion, window, pinned);
    await this.work.run(this.causeOf(pipeline.predictions?.cascade, pipeline), (tx) => judgeWindow(tx, pipeline.pipeline, window, seen));
    return true;
  }

  private async matureWindow(pipeline: PipelineRow, { inputs }: ReferenceRow): Promise<boolean> {
    const window = maturedWindowOf(pipeline);
    if (!window || !pipeline.champion) return false;
    const outcomes = await this.predictions.outcomes(pipeline, pipeline.champion.modelVersion, window, (inputs?.columns ?? []).map(({ column }) => column));
    await this.work.run(this.causeOf(pipeline.labels?.cascade, pipeline), (tx) => judgeOutcomes(tx, pipeline.pipeline, window, outcomes));
    return true;
  }

  private async analyse(pipeline: PipelineRow): Promise<boolean> {
    const open = await this.work.read((tx) => tx.findMany(AnalysisRow, { where: { pipeline: pipeline.pipeline, state: 'open' } }));
    let hasWorked = false;
    for (const analysis of open) {
      const evidence = await this.analyses.read(pipeline, analysis);
      if (!evidence) continue;
      await this.work.run(timerCause({ name: 'monitoring', ...analysis.cascade }), (tx) => concludeAnalysis(tx, analysis, evidence));
      hasWorked = true;
    }
    return hasWorked;
  }

  private causeOf(cascade: Cascade | undefined, { definition, version }: PipelineRow): ReturnType<typeof timerCause> {
    return timerCause({ name: 'monitoring', ...cascade, project: definition.project, pipelineVersion: version });
  }
}
