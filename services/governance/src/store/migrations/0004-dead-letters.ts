import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of cascades that a service gave up, and what became of them. */
export class DeadLetters0004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cascade_dead_letters (
        dead_letter text primary key,
        service text not null,
        correlation text not null,
        event_id text not null,
        type text not null,
        state text not null,
        code text,
        detail text,
        changed_by text,
        reason text,
        changed_at timestamptz not null,
        reported_at timestamptz
      );
      create index cascade_dead_letters_correlation on cascade_dead_letters (correlation);
      create index cascade_dead_letters_event on cascade_dead_letters (event_id);
      create index cascade_steps_event on cascade_steps (event_id) where answered_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index cascade_steps_event; drop table cascade_dead_letters');
  }
}
