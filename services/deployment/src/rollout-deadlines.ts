import { Settings, UnitOfWork, Workers } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { endOverdueRollouts } from './use-cases/end-overdue-rollouts.js';

const longestIntervalMs = 60_000;

/** Looks for rollouts that nobody judges. */
@Injectable()
export class RolloutDeadlines {
  constructor(workers: Workers, work: UnitOfWork, @Inject(Settings) { analysisDeadlineMs }: Settings<'deployment'>) {
    workers.add({
      name: 'rollout-deadlines',
      intervalMs: Math.min(longestIntervalMs, Math.max(1_000, analysisDeadlineMs)),
      run: () => endOverdueRollouts(work, analysisDeadlineMs),
    });
  }
}
