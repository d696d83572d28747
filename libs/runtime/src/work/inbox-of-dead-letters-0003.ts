import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A dead letter settles its event as a handled one does: a copy of it that comes later does nothing. */
export class InboxOfDeadLetters0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inbox_ids add column is_dead boolean not null default false');
    await runner.query(
      `insert into inbox_ids (event_id, topic, partition, "offset", is_dead)
       select distinct on (event_id) event_id, topic, partition, "offset", true from dead_letters where handled_at is null and octet_length(event_id) < 1000 on conflict do nothing`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from inbox_ids where is_dead');
    await runner.query('alter table inbox_ids drop column is_dead');
  }
}
