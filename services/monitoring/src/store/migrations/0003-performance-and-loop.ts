import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quality by window and version, what it is held against, facts of the loop, and where published data sets lie. */
export class PerformanceAndLoop0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['version_runs', 'published_tables', 'loop_facts', 'quality_references', 'performance_windows']) await runner.query(`drop table ${table}`);
  }
}

const statements = [
  `create table performance_windows (
     pipeline text not null,
     model_version int not null,
     from_at timestamptz not null,
     to_at timestamptz not null,
     due_at timestamptz,
     measured jsonb not null,
     primary key (pipeline, model_version, from_at))`,
  `create index performance_windows_of_pipeline on performance_windows (pipeline, from_at desc)`,
  `create index performance_windows_due on performance_windows (due_at) where due_at is not null`,
  `create table quality_references (
     pipeline text not null,
     model_version int not null,
     slicings jsonb not null,
     calibration jsonb,
     loss_model jsonb,
     primary key (pipeline, model_version))`,
  `create table loop_facts (id text primary key, pipeline text not null, at timestamptz not null, fact jsonb not null)`,
  `create index loop_facts_of_pipeline on loop_facts (pipeline, at)`,
  `create table published_tables (data_set text primary key, url text not null)`,
  `create table version_runs (pipeline text not null, model_version int not null, run text not null, primary key (pipeline, model_version))`,
];
