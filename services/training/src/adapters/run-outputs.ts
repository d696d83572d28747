import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@millrace/contracts';
import { putContent } from '@millrace/storage';
import type { DuckDb, ObjectStore } from '@millrace/storage';
import type { RunRow } from '../store/run.row.js';
import type { TrainedModel } from '../use-cases/complete-run.js';
import type { Programs } from './programs.js';
import { readTrainingOutput } from './training-output.js';
import type { WorkDirectory } from './work-directory.js';

/** Takes what commands leave into the object store. */
export class RunOutputs {
  constructor(
    private readonly objects: ObjectStore,
    private readonly duckDb: DuckDb,
    private readonly programs: Programs,
  ) {}

  /** Checks and stores the model of one attempt, with the files its tracked run shows. Errors: `training-output-invalid`, `invalid-model`. */
  async take({ definition, trainingSet }: RunRow, { output, trainingSetPath }: WorkDirectory, log: Artifact | null): Promise<Omit<TrainedModel, 'candidates'>> {
    if (!trainingSet) throw new Error('a run without a training set cannot have trained');
    const { model: bytes, parity } = await readTrainingOutput(this.duckDb, output, trainingSetPath, trainingSet.signature);
    const model = await putContent(this.objects, `${definition.project}/models`, bytes, '.onnx');
    const parityFile = await putContent(this.objects, `${definition.project}/runs`, await readFile(join(output, 'parity.json')), '.json');
    const environment = await putContent(this.objects, `${definition.project}/runs`, Buffer.from(await this.programs.lock()), '.txt');
    const files = { 'model.onnx': model, 'parity.json': parityFile, 'environment.txt': environment, ...(log ? { 'training.log': log } : {}) };
    return { model, parity, files };
  }
}
