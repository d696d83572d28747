import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs wait for their turn: what asked for them, what waiting costs, and against which event time they count. */
export class RunQueue0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table triggers add column estimated_loss_per_day double precision not null default 0`);
    await runner.query(`alter table runs
      add column incident text,
      add column estimated_loss_per_day double precision not null default 0,
      add column as_of timestamptz,
      add column told_position int,
      add column urgent boolean not null default false,
      add column asks_after_shadow boolean not null default false`);
    await runner.query(`create index runs_waiting on runs (requested_at) where state = 'waiting-for-turn'`);
    await runner.query(`create index runs_begun on runs (as_of) where as_of is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index runs_waiting; drop index runs_begun`);
    await runner.query(`alter table runs drop column incident, drop column estimated_loss_per_day, drop column as_of, drop column told_position, drop column urgent, drop column asks_after_shadow`);
    await runner.query(`alter table triggers drop column estimated_loss_per_day`);
  }
}
