import { Injectable } from '@nestjs/common';
import type { PairedBlock, ServedTraffic } from '@millrace/decisions';
import type { AnalysisRow } from '../store/analysis.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { AnalysisEvidence } from '../use-cases/conclude-analysis.js';
import { PredictionReader } from './prediction-reader.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ENOUGH_DAYS = 3;
/** With so many times the labelled predictions that were asked for and still few days, hours are the blocks. */
const PATIENCE = 2;
const NOTHING: ServedTraffic = { predictions: 0, errors: 0, latencyP99Ms: null };

/** Reads what a step of a rollout is judged by. */
@Injectable()
export class AnalysisReader {
  constructor(private readonly predictions: PredictionReader) {}

  /** Null when the tables are those that it was judged with before. */
  async read(pipeline: PipelineRow, analysis: AnalysisRow): Promise<AnalysisEvidence | null> {
    const judgedWith = `${pipeline.predictions?.version ?? 0}/${pipeline.labels?.version ?? 0}`;
    if (analysis.judgedWith === judgedWith) return null;
    const pairs = await this.pairs(pipeline, analysis);
    const served = await this.predictions.served(pipeline, analysis.countsFrom);
    const canary = served.get(analysis.modelVersion) ?? NOTHING;
    const watermark = pipeline.predictions?.watermark ?? null;
    return { judgedWith, knownUntil: watermark === null ? null : new Date(watermark), pairs, canary, other: served.get(analysis.previousModelVersion ?? -1) ?? NOTHING };
  }

  /** By days, as rows of one day resemble one another; by hours when there are plenty of rows and few days. */
  private async pairs(pipeline: PipelineRow, { phase, modelVersion, previousModelVersion, countsFrom, needs }: AnalysisRow): Promise<PairedBlock[]> {
    if (previousModelVersion === null || phase === 'canary') return [];
    const versions = { challenger: modelVersion, champion: previousModelVersion };
    if (needs.proof) return this.predictions.wholeBlocks(pipeline, versions, countsFrom, needs.proof.blockMs);
    const days = await this.predictions.pairs(pipeline, versions, countsFrom, DAY_MS);
    const rows = days.reduce((sum, day) => sum + day.rows, 0);
    if (days.length >= ENOUGH_DAYS || rows < PATIENCE * needs.predictions) return days;
    return this.predictions.pairs(pipeline, versions, countsFrom, HOUR_MS);
  }
}
