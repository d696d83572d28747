import { setTimeout as pause } from 'node:timers/promises';
import type { TestKafka } from '@millrace/testing';
import { pipelineOf } from './record-shapes.ts';
import type { RecordShape } from './record-shapes.ts';

/** Lets a running ingestion take records of a shape from `millrace.data.default.<name>`. */
export async function activatePipeline(kafka: TestKafka, name: string, shape: RecordShape): Promise<void> {
  const definition = pipelineOf(name, shape);
  const applied = { pipeline: definition.id, version: 1, definition };
  const parts = await kafka.collectEvents('millrace.ingestion.pipeline-part.ready.v1');
  await kafka.createTopics(['validation.pipeline-part', 'ingestion.record'].map((topic) => `millrace.${topic}`));
  await kafka.sendEvents({ type: 'millrace.registry.pipeline.applied.v1', data: { ...applied, source: '', sha256: 'a'.repeat(64), changes: [], previousVersion: null } });
  while (!parts().some((event) => event.subject === definition.id)) await pause(20);
  await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: applied });
}
