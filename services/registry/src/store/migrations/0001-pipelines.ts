import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pipelines, their versions, and each service's answer to a version. */
export class Pipelines0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['pipeline_parts', 'pipeline_versions', 'pipelines']) await runner.query(`drop table ${table}`);
  }
}

const tables = [
  `create table pipelines (
     pipeline text primary key,
     latest_version integer not null,
     active_version integer,
     latest_model_version integer not null,
     champion integer,
     challenger integer)`,
  `create table pipeline_versions (
     pipeline text not null references pipelines,
     version integer not null,
     state text not null check (state in ('pending', 'active', 'refused', 'superseded')),
     definition jsonb not null,
     source text not null,
     sha256 text not null,
     changes jsonb not null,
     applied_by text not null,
     applied_at timestamptz not null,
     primary key (pipeline, version))`,
  `create unique index pipeline_versions_one_active on pipeline_versions (pipeline) where state = 'active'`,
  `create table pipeline_parts (
     pipeline text not null,
     version integer not null,
     service text not null,
     state text not null check (state in ('pending', 'ready', 'refused')),
     because jsonb not null,
     primary key (pipeline, version, service),
     foreign key (pipeline, version) references pipeline_versions)`,
];
