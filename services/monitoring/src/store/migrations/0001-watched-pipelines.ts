import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pipelines that are watched, references of model versions, judged windows, incidents and analyses of rollouts. */
export class WatchedPipelines0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['analyses', 'incidents', 'windows', 'model_references', 'pipelines']) await runner.query(`drop table ${table}`);
  }
}

const statements = [
  `create table pipelines (
     pipeline text primary key,
     version int not null,
     definition jsonb not null,
     champion jsonb,
     route_revision int not null,
     predictions jsonb,
     labels jsonb,
     records_watermark timestamptz,
     first_prediction_at timestamptz,
     next_window_at timestamptz,
     next_outcome_at timestamptz)`,
  `create table model_references (
     pipeline text not null,
     run text not null,
     training_set jsonb,
     inputs jsonb,
     scores jsonb,
     row_losses jsonb,
     hold_out_losses jsonb not null,
     first_outcomes jsonb not null,
     primary key (pipeline, run))`,
  `create table windows (
     pipeline text not null,
     model_version int not null,
     from_at timestamptz not null,
     to_at timestamptz not null,
     inputs jsonb,
     because jsonb not null,
     outcome jsonb,
     incident text,
     primary key (pipeline, model_version, from_at))`,
  `create index windows_of_pipeline on windows (pipeline, from_at desc)`,
  `create table incidents (
     incident text primary key,
     pipeline text not null,
     model_version int not null,
     life jsonb not null,
     kind text not null,
     state text not null,
     alert text not null,
     columns jsonb not null,
     because jsonb not null,
     cascade jsonb not null,
     raised_at timestamptz not null)`,
  `create index incidents_of_pipeline on incidents (pipeline, raised_at desc)`,
  `create unique index one_open_incident_per_kind on incidents (pipeline, kind) where state = 'raised'`,
  `create table analyses (
     rollout text not null,
     step int not null,
     pipeline text not null,
     phase text not null,
     model_version int not null,
     previous_model_version int,
     needs jsonb not null,
     counts_from timestamptz,
     state text not null,
     judged_with text,
     verdict text,
     blocks int not null,
     because jsonb not null,
     cascade jsonb not null,
     primary key (rollout, step))`,
  `create index open_analyses on analyses (pipeline) where state = 'open'`,
];
