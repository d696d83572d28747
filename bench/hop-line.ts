import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RuntimeModule, runService, timerCause, UnitOfWork } from '@millrace/runtime';
import { TestKafka } from '@millrace/testing';
import type { TestEnvironment } from '@millrace/testing';
import { Module } from '@nestjs/common';
import { Kafka, logLevel } from 'kafkajs';
import { Arrivals } from './arrivals.ts';
import type { Send } from './arrivals.ts';

const bareTopic = 'bench.bare';
const pipelines = 100;

/** A service that sends and one that does, and beside them kafkajs alone from the one process to the other. */
export interface HopLine {
  arrivals: Arrivals;
  overMillrace: Send;
  overKafka: Send;
  /** One more process of the receiving service, and with it one more bare consumer. */
  addReceiver(): Promise<ChildProcess>;
  stop(): Promise<void>;
}

/** Starts both ends; resolves when the receiver is up. */
export async function hopLine(environment: TestEnvironment): Promise<HopLine> {
  const kafka = new TestKafka(environment);
  await kafka.createTopics([bareTopic]);
  const arrivals = new Arrivals();
  const addReceiver = async (): Promise<ChildProcess> => {
    const env = { ...process.env, ...environment.envOf('deployment'), BENCH_BROKERS: environment.brokers, BENCH_BARE_TOPIC: environment.topicPrefix + bareTopic };
    const child = fork(join(import.meta.dirname, 'event-hop-receiver.ts'), { env });
    await once(child, 'message');
    arrivals.listenTo(child);
    return child;
  };
  const receiver = await addReceiver();
  class SenderModule {}
  Module({ imports: [RuntimeModule.forService({ name: 'training', rows: [], migrations: [] })] })(SenderModule);
  const sender = await runService(SenderModule, { env: environment.envOf('training'), handleSignals: false });
  const producer = new Kafka({ brokers: environment.brokers.split(','), logLevel: logLevel.NOTHING }).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const stop = async (): Promise<void> => {
    await Promise.all([producer.disconnect(), kafka.stop(), sender.stop()]);
    await endReceiver(receiver);
  };
  return { arrivals, addReceiver, stop, overMillrace: millraceSend(sender.app.get(UnitOfWork)), overKafka: (ids) => sendBare(ids).then(() => ids) };

  function sendBare(ids: readonly string[]): Promise<unknown> {
    return producer.send({ topic: environment.topicPrefix + bareTopic, acks: -1, messages: ids.map((id) => ({ key: String(keyOf(id)), value: id })) });
  }
}

/** Ends a receiver as an upgrade does: the bare consumer leaves its group, then the service. */
export async function endReceiver(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send('leave');
  await ended;
}

function millraceSend(work: UnitOfWork): Send {
  return (ids) =>
    work.run(timerCause({ name: 'training', project: 'default' }), (tx) => {
      for (const id of ids) tx.emit('millrace.training.hold.placed.v1', { pipeline: `default/p${keyOf(id)}`, hold: id, incident: 'default/bench', because: [] });
      return Promise.resolve(ids);
    });
}

/** Ids end with a number. */
function keyOf(id: string): number {
  return Number(id.split('-').at(-1)) % pipelines;
}
