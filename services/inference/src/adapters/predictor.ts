import { uuidV7 } from '@millrace/runtime';
import { predict } from '../use-cases/predict.js';
import type { AnsweredRequest, PredictionRequest } from '../use-cases/predict.js';
import type { LiveState } from './live-state.js';
import type { PredictionLog } from './prediction-log.js';

/** `predict` with this process's routes, tiles, log and clock. */
export class Predictor {
  constructor(
    private readonly live: LiveState,
    private readonly log: PredictionLog,
  ) {}

  predict(request: PredictionRequest): Promise<AnsweredRequest> {
    const { routes, tiles } = this.live;
    return predict({ routes, tiles, log: this.log, hasFeatures: () => this.live.isReady, staleMs: () => this.live.staleMs, newId: () => uuidV7(Date.now()), nowMs: () => Date.now() }, request);
  }
}
