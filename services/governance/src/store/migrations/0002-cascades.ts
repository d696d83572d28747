import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cascades in one line each, and the steps they await. An answer may be read before its question, so a step is one row for both. */
export class Cascades0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cascades (
        correlation text primary key,
        project text not null,
        pipeline text,
        first_type text not null,
        last_type text not null,
        started_at timestamptz not null,
        last_at timestamptz not null,
        events integer not null,
        decides boolean not null
      );
      create index cascades_started_at on cascades (started_at);
      create index cascades_decides on cascades (started_at) where decides;
      create index cascades_pipeline on cascades (pipeline, started_at);
      create table cascade_steps (
        entity text not null,
        after text not null,
        event_id text,
        correlation text,
        project text,
        pipeline text,
        pipeline_version integer,
        since timestamptz not null,
        due_at timestamptz,
        answered_at timestamptz,
        stalled_at timestamptz,
        primary key (entity, after)
      );
      create index cascade_steps_correlation on cascade_steps (correlation) where answered_at is null;
      create index cascade_steps_due on cascade_steps (due_at) where answered_at is null and stalled_at is null and due_at is not null;
      create index cascade_steps_answered on cascade_steps (answered_at) where answered_at is not null;
      create table pipelines (
        pipeline text primary key,
        version integer not null,
        data_sets text[] not null,
        command_time_ms bigint not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table pipelines; drop table cascade_steps; drop table cascades');
  }
}
