import type { Logger } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';

type Watched = Pick<PipelineRow, 'pipeline'>;

/**
 * Does what is due for each pipeline. One that fails is told of and does not stop the others; where nothing else was done its error is
 * thrown, so that it is tried again with growing delay.
 * @returns whether anything was done
 */
export async function watchEach<P extends Watched>(pipelines: readonly P[], watch: (pipeline: P) => Promise<boolean>, logger: Pick<Logger, 'error'>): Promise<boolean> {
  const failures: unknown[] = [];
  let hasWorked = false;
  for (const pipeline of pipelines) {
    try {
      hasWorked = (await watch(pipeline)) || hasWorked;
    } catch (error) {
      logger.error({ pipeline: pipeline.pipeline, err: error }, 'a pipeline could not be watched');
      failures.push(error);
    }
  }
  if (failures.length > 0 && !hasWorked) throw failures[0];
  return hasWorked;
}
