import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an event was made, so that its id is forgotten only when no relay can send it again. */
export class InboxTimes0004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inbox_ids add column event_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inbox_ids drop column event_at');
  }
}
