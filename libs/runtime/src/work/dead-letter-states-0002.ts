import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of a dead letter, and whose event it is. */
export class DeadLetterStates0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table dead_letters add column project text, add column correlation_id text, add column handled_at timestamptz, add column dropped_at timestamptz, add column dropped_by text, add column drop_reason text');
    await runner.query('alter table parked add column project text, add column correlation_id text, add column replay_traceparent text');
    await runner.query('create index dead_letters_event on dead_letters (event_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index dead_letters_event');
    await runner.query('alter table parked drop column project, drop column correlation_id, drop column replay_traceparent');
    await runner.query('alter table dead_letters drop column project, drop column correlation_id, drop column handled_at, drop column dropped_at, drop column dropped_by, drop column drop_reason');
  }
}
