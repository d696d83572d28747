import { randomUUID } from 'node:crypto';
import { eventCatalogue, eventHeaders } from '@millrace/contracts';
import type { EventData, EventType, Pipeline, RolloutPlan } from '@millrace/contracts';
import { parsePipeline, servingSpecOf, stepsOf } from '@millrace/decisions';
import { eventually } from '@millrace/testing';
import type { TestEnvironment , TestKafka } from '@millrace/testing';

type Analysis = EventData['millrace.monitoring.analysis.completed.v1'];

const canary = [5, 10, 20, 30, 40, 50, 60, 80].map((percent) => `{ traffic: ${percent}%, predictions: 50 }`);
const file = `pipeline: bench
dataSets:
  customers: { key: customer_id, eventTime: seen_at, columns: { customer_id: string, seen_at: timestamp, age: double } }
  outcomes: { key: customer_id, eventTime: seen_at, columns: { customer_id: string, seen_at: timestamp, left: double } }
predict: { dataSet: customers }
features: { age: { column: age } }
label: { dataSet: outcomes, column: left, above: 0, maturesAfter: 1d }
training: { command: [python, train.py] }
rollout: { shadow: { predictions: 100, margin: 0.01 }, canary: [${canary.join(', ')}], bake: 1d, shadowPredecessor: 200 }
`;
const patienceMs = 60_000;
const template = { pipeline: 'default/bench', modelVersion: 2 };

/** Verdicts that an open rollout takes until it is complete. */
export const stepsPerRollout = canary.length + 2;

/** The pipeline of the bench. */
export function benchPipeline(): Pipeline {
  const { pipeline, errors } = parsePipeline(file);
  if (!pipeline) throw new TypeError(`the pipeline of the bench is wrong: ${JSON.stringify(errors)}`);
  return pipeline;
}

/** Lets the running deployment open one rollout by events, which `copyRollouts` takes as its template. */
export async function openRollout(environment: TestEnvironment, kafka: TestKafka): Promise<void> {
  const definition = benchPipeline();
  await kafka.sendEvents({ type: 'millrace.registry.pipeline.activated.v1', data: { pipeline: definition.id, version: 1, definition } });
  await eventually(() => stateOf(environment, 'select 1 from deployment.pipelines'), patienceMs);
  for (const [modelVersion, state] of [[1, 'completed'], [2, 'shadow']] as const) {
    await kafka.sendEvents({ type: 'millrace.registry.model-version.approved.v1', data: approvalOf(definition, modelVersion) });
    await eventually(() => stateOf(environment, `select 1 from deployment.rollouts where model_version = ${modelVersion} and state = '${state}'`), patienceMs);
  }
}

/** Open rollouts of pipelines that differ from the template's in their names alone, with numbers from `first` on. */
export async function copyRollouts(environment: TestEnvironment, first: number, count: number): Promise<void> {
  const numbers = `generate_series(${first}, ${first + count - 1}) as n`;
  for (const [table, names] of [['pipelines', `'{"pipeline":"default/bench-' || n || '"}'`], ['routes', `'{"pipeline":"default/bench-' || n || '"}'`], ['rollouts', `'{"pipeline":"default/bench-' || n || '","rollout":"default/ro-' || n || '"}'`]] as const) {
    const only = table === 'rollouts' ? `and old.model_version = ${template.modelVersion}` : '';
    await environment.query(`insert into deployment.${table} select copy.* from deployment.${table} as old, ${numbers}, jsonb_populate_record(old, (${names})::jsonb) as copy where old.pipeline = '${template.pipeline}' ${only}`);
  }
  await environment.query('analyze');
}

/** The plan of every rollout of the bench. */
export async function rolloutPlan(environment: TestEnvironment): Promise<RolloutPlan> {
  const [row] = await environment.query<{ plan: RolloutPlan }>('select plan from deployment.rollouts where pipeline = $1 and model_version = $2', [template.pipeline, template.modelVersion]);
  if (!row) throw new Error('there is no rollout to copy');
  return row.plan;
}

/** The verdict that lets the rollout of this number go on from its step, counted from 0. */
export function passOf(plan: RolloutPlan, number: number, step: number): Analysis {
  const phase = stepsOf(plan)[step]?.phase;
  if (phase === undefined) throw new RangeError(`a rollout has no step ${step}`);
  const because = [{ check: 'loss-not-worse', passed: true, measured: 0.004, bound: 0.01 }, { check: 'enough-predictions', passed: true, measured: 100, bound: 50 }];
  return { pipeline: `default/bench-${number}`, rollout: `default/ro-${number}`, modelVersion: template.modelVersion, phase, step: step + 1, verdict: 'pass', because, predictions: 100, blocks: 5 };
}

/** Sends events as their producer would, many at once. */
export async function fillTopic<T extends EventType>(kafka: TestKafka, type: T, count: number, dataOf: (index: number) => EventData[T]): Promise<void> {
  const portion = 100;
  await kafka.createTopics([eventCatalogue[type].topic]);
  for (let first = 0; first < count; first += portion) {
    await kafka.sendRecords(eventCatalogue[type].topic, Array.from({ length: Math.min(portion, count - first) }, (_, index) => recordOf(type, dataOf(first + index))));
  }
}

function recordOf<T extends EventType>(type: T, data: EventData[T]): { key: string; value: string; headers: Record<string, string> } {
  const { producer, key } = eventCatalogue[type];
  const [id, subject] = [randomUUID(), String((data as unknown as Record<string, unknown>)[key])];
  const attributes = { specVersion: '1.0', contentType: 'application/json', id, type, source: `/millrace/${producer}`, time: new Date().toISOString(), subject, project: 'default', actor: `service:${producer}`, correlationId: id };
  return { key: subject, value: JSON.stringify(data), headers: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [eventHeaders[name as keyof typeof eventHeaders], value])) };
}

function approvalOf(definition: Pipeline, modelVersion: number): EventData['millrace.registry.model-version.approved.v1'] {
  return {
    pipeline: definition.id,
    modelVersion,
    run: `default/run-${modelVersion}`,
    model: { url: `file:///objects/${modelVersion}.onnx`, sha256: String(modelVersion).repeat(64), sizeBytes: 1000 },
    signed: { keyId: 'k', signature: 'c2lnbmVk' },
    serving: servingSpecOf(definition, { view: definition.id, version: 1 }),
    approvedBy: 'service:registry',
    because: [],
  };
}

async function stateOf(environment: TestEnvironment, sql: string): Promise<void> {
  if ((await environment.query(sql)).length === 0) throw new Error(`nothing yet: ${sql}`);
}
