/**
 * The receiving process of `hop-line.ts`: a service on the chassis whose one handler writes one row, and a bare kafkajs consumer. Tells its parent when
 * each event's effect is committed and when each bare message has arrived, by the machine's monotonic clock; ends when its parent says so.
 */
import type { Event } from '@millrace/contracts';
import { On, RuntimeModule, runService, UnitOfWork } from '@millrace/runtime';
import { Controller, Inject, Module } from '@nestjs/common';
import { Kafka, logLevel } from 'kafkajs';

const holdPlaced = 'millrace.training.hold.placed.v1';

class Effects0001 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query('create table effects (hold text primary key)');
  }

  async down(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query('drop table effects');
  }
}

class ReceiverEvents {
  private readonly work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.work = work;
  }

  async holdPlaced(event: Event<typeof holdPlaced>): Promise<void> {
    await this.work.run(event, (tx) => tx.query('insert into effects values ($1)', [event.data.hold]));
    tell(event.data.hold);
  }
}

// Decorators as functions: this file runs without a compiler.
Inject(UnitOfWork)(ReceiverEvents, undefined, 0);
On(holdPlaced)(ReceiverEvents.prototype, 'holdPlaced', Object.getOwnPropertyDescriptor(ReceiverEvents.prototype, 'holdPlaced') as TypedPropertyDescriptor<ReceiverEvents['holdPlaced']>);
Controller()(ReceiverEvents);
class ReceiverModule {}
Module({ imports: [RuntimeModule.forService({ name: 'deployment', rows: [], migrations: [Effects0001] })], controllers: [ReceiverEvents] })(ReceiverModule);

function tell(id: string): void {
  process.send?.({ id, atNs: process.hrtime.bigint().toString() });
}

const { url } = await runService(ReceiverModule);
const consumer = new Kafka({ brokers: String(process.env['BENCH_BROKERS']).split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: 'bare', maxWaitTimeInMs: 1000 });
await consumer.connect();
// From the beginning: what is sent before it has joined its group must arrive too.
await consumer.subscribe({ topics: [String(process.env['BENCH_BARE_TOPIC'])], fromBeginning: true });
await consumer.run({ eachMessage: ({ message }) => Promise.resolve(tell(String(message.value))) });
process.once('message', () => void consumer.disconnect().then(() => process.kill(process.pid, 'SIGTERM')));
process.once('disconnect', () => process.exit(0));
process.send?.({ url });
