import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pipelines, what is published of their data sets, triggers, holds and runs. */
export class Runs0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['runs', 'holds', 'triggers', 'data_set_days', 'data_sets', 'pipelines']) await runner.query(`drop table ${table}`);
  }
}

const statements = [
  `create table pipelines (
     pipeline text primary key,
     version int not null,
     definition jsonb not null,
     champion jsonb,
     rollout_open boolean not null,
     settled_version int not null,
     last_run_at timestamptz,
     last_refusal jsonb)`,
  `create table data_sets (data_set text primary key, version int not null, watermark timestamptz)`,
  `create table data_set_days (data_set text not null, day text not null, rows int not null, primary key (data_set, day))`,
  `create table triggers (
     trigger text primary key,
     pipeline text not null,
     cause text not null,
     diagnosis text,
     state text not null,
     change_point timestamptz,
     incident text,
     waiting_since timestamptz,
     retried boolean not null,
     matured_rows int not null,
     needed_rows int not null,
     run text,
     because jsonb not null,
     cascade jsonb not null,
     created_at timestamptz not null)`,
  `create index triggers_of_pipeline on triggers (pipeline, created_at desc)`,
  `create table holds (
     hold text primary key,
     pipeline text not null,
     incident text not null,
     state text not null,
     broken_from timestamptz not null,
     placed_at timestamptz not null,
     lifted_at timestamptz,
     excluded jsonb,
     because jsonb not null)`,
  `create unique index holds_of_incident on holds (pipeline, incident)`,
  `create table runs (
     run text primary key,
     pipeline text not null,
     definition jsonb not null,
     pipeline_version int not null,
     trigger text not null,
     cause text not null,
     state text not null,
     attempt int not null,
     change_point timestamptz,
     matured_rows int not null,
     champion jsonb,
     training_set jsonb,
     process jsonb,
     environment jsonb,
     model jsonb,
     parity jsonb,
     metrics jsonb not null,
     hold_outs jsonb not null,
     because jsonb not null,
     cascade jsonb not null,
     requested_at timestamptz not null,
     started_at timestamptz,
     ended_at timestamptz)`,
  `create index runs_of_pipeline on runs (pipeline, requested_at desc)`,
  `create index runs_to_do on runs (state, requested_at) where state in ('queued', 'running', 'trained')`,
];
