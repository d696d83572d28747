import type { JwtSigner } from '@millrace/runtime';
import type { RunRow } from '../store/run.row.js';
import { trackedRunIdOf } from '../use-cases/start-run.js';
import type { Programs } from './programs.js';

/** How long a run's token outlives the time its command may take. */
const tokenGraceMs = 60_000;

/** The environment of training commands, apart from the files of their work directory. Of this service's own variables nothing is passed on. */
export class RunVariables {
  /** @param trackingUrl where commands reach this service */
  constructor(
    private readonly signer: JwtSigner,
    private readonly programs: Programs,
    private readonly trackingUrl: () => string,
  ) {}

  /** The token is for this run's tracking calls and nothing else, and ends with the command's time. */
  async of({ run, pipeline, definition, changePoint }: RunRow): Promise<Record<string, string>> {
    const token = await this.signer.sign({
      sub: `run:${run}`,
      roles: ['tracking'],
      project: definition.project,
      expiresInMs: definition.training.timeoutMs + tokenGraceMs,
    });
    return {
      PATH: this.programs.path,
      LANG: 'C.UTF-8',
      // One thread: small fits with more threads than free cores take many times longer.
      OMP_NUM_THREADS: '1',
      MLFLOW_TRACKING_URI: this.trackingUrl(),
      MLFLOW_TRACKING_TOKEN: token,
      MLFLOW_RUN_ID: trackedRunIdOf(run),
      MLFLOW_EXPERIMENT_NAME: pipeline,
      MILLRACE_CHANGE_POINT: changePoint?.toISOString() ?? '',
      // MLflow's client reports its use to its makers unless told otherwise.
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      // MLflow looks for git, which a work directory does not have.
      GIT_PYTHON_REFRESH: 'quiet',
    };
  }
}
