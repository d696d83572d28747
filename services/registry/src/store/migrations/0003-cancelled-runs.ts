import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that training cancelled: what they brought is rejected, also when the word of it comes first. */
export class CancelledRuns0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table cancelled_runs (run text primary key, because jsonb not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table cancelled_runs`);
  }
}
