import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Model versions; a run makes at most one. */
export class ModelVersions0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table model_versions (
         pipeline text not null references pipelines,
         model_version integer not null,
         run text not null unique,
         stage text not null check (stage in ('awaiting-approval', 'approved', 'rejected', 'retired', 'withdrawn')),
         pipeline_version integer not null,
         compared_with integer,
         evaluation jsonb not null,
         serving jsonb not null,
         signed jsonb,
         because jsonb not null,
         verdict text,
         requested_by text not null,
         decided_by text,
         registered_at timestamptz not null,
         decided_at timestamptz,
         primary key (pipeline, model_version))`,
    );
    await runner.query('create index model_versions_registered on model_versions (registered_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table model_versions');
  }
}
