import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { WindowProfile } from '@millrace/decisions';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { PredictionReader } from '../adapters/prediction-reader.js';
import { replayOf, windowsToReplay } from '../use-cases/replay-policy.js';

@Controller()
export class PolicyReplaysController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly predictions: PredictionReader,
  ) {}

  @Answers('replayPolicy')
  async replay(input: OperationInput<'replayPolicy'>): Promise<OperationOutput<'replayPolicy'>> {
    const { pipeline, tried, windows } = await this.work.read((tx) => windowsToReplay(tx, input));
    const profiles: (WindowProfile | null)[] = [];
    for (const { row, reference } of windows) {
      const pinned = reference?.inputs?.columns.map(({ column }) => column) ?? null;
      const window = { fromMs: row.fromAt.getTime(), toMs: row.toAt.getTime() };
      profiles.push(pinned && (await this.predictions.seenWindow(pipeline, row.modelVersion, window, { inputs: pinned, score: null })).inputs);
    }
    return replayOf(tried, windows, profiles);
  }
}
