import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Experiments and tracked runs with their params, metrics, tags and artifacts: what the MLflow client writes and reads. */
export class Tracking0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['artifacts', 'metrics', 'tags', 'params', 'runs', 'experiments']) await runner.query(`drop table tracking_${table}`);
  }
}

const statements = [
  `create table tracking_experiments (
     experiment_id bigint generated always as identity primary key,
     name text not null unique,
     lifecycle_stage text not null default 'active',
     created_at timestamptz not null,
     updated_at timestamptz not null,
     tags jsonb not null)`,
  `create table tracking_runs (
     run_id text primary key,
     experiment_id bigint not null references tracking_experiments,
     run_name text not null,
     user_id text not null,
     status text not null,
     start_time bigint not null,
     end_time bigint,
     lifecycle_stage text not null default 'active',
     inputs jsonb not null default '[]')`,
  `create index tracking_runs_by_experiment on tracking_runs (experiment_id, start_time desc, run_id)`,
  `create table tracking_params (run_id text not null references tracking_runs, key text not null, value text not null, primary key (run_id, key))`,
  `create table tracking_tags (run_id text not null references tracking_runs, key text not null, value text not null, primary key (run_id, key))`,
  `create table tracking_metrics (
     run_id text not null references tracking_runs,
     key text not null,
     step bigint not null,
     timestamp bigint not null,
     value double precision not null,
     primary key (run_id, key, step, timestamp, value))`,
  `create table tracking_artifacts (
     root text not null,
     path text not null,
     url text not null,
     sha256 text not null,
     size_bytes bigint not null,
     primary key (root, path))`,
];
