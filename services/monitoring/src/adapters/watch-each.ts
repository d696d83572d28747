import type { Logger } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';

type Watched = Pick<PipelineRow, 'pipeline'>;

/** Where failures are told, and what was told last of each pipeline: what lasts is said once. */
export interface Telling {
  logger: Pick<Logger, 'error' | 'debug'>;
  told: Map<string, string>;
}

/**
 * Does what is due for each pipeline. One that fails is told of and does not stop the others; where nothing else was done its error is
 * thrown, so that it is tried again with growing delay.
 * @returns whether anything was done
 */
export async function watchEach<P extends Watched>(pipelines: readonly P[], watch: (pipeline: P) => Promise<boolean>, telling: Telling): Promise<boolean> {
  const failures: unknown[] = [];
  let hasWorked = false;
  for (const pipeline of pipelines) {
    try {
      hasWorked = (await watch(pipeline)) || hasWorked;
      telling.told.delete(pipeline.pipeline);
    } catch (error) {
      tell(pipeline.pipeline, error, telling);
      failures.push(error);
    }
  }
  if (failures.length > 0 && !hasWorked) throw failures[0];
  return hasWorked;
}

function tell(pipeline: string, error: unknown, { logger, told }: Telling): void {
  const isNews = told.get(pipeline) !== String(error);
  told.set(pipeline, String(error));
  logger[isNews ? 'error' : 'debug']({ pipeline, err: error }, 'a pipeline could not be watched');
}
