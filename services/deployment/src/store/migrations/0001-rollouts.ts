import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Active pipelines, routes and rollouts. */
export class Rollouts0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['rollouts', 'routes', 'pipelines']) await runner.query(`drop table ${table}`);
  }
}

const tables = [
  `create table pipelines (
     pipeline text primary key,
     version integer not null,
     definition jsonb not null)`,
  `create table routes (
     pipeline text primary key,
     revision integer not null,
     targets jsonb not null,
     champion jsonb,
     predecessor jsonb)`,
  `create table rollouts (
     rollout text primary key,
     pipeline text not null,
     model_version integer not null,
     state text not null check (state in ('waiting', 'shadow', 'canary', 'bake', 'completed', 'rolled-back', 'superseded')),
     plan jsonb not null,
     candidate jsonb not null,
     previous jsonb,
     at integer not null,
     paused_by text,
     inconclusive integer not null,
     steps jsonb not null,
     because jsonb not null,
     cascade jsonb not null,
     created_at timestamptz not null,
     step_entered_at timestamptz,
     ended_at timestamptz,
     unique (pipeline, model_version))`,
  `create unique index rollouts_one_open on rollouts (pipeline) where state in ('shadow', 'canary', 'bake')`,
  `create index rollouts_created on rollouts (created_at)`,
];
