import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Suites of active pipelines, and the verdicts over segments with their profiles. */
export class Verdicts0001 implements MigrationInterface {
  readonly name = 'Verdicts0001000000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table suites (
        data_set text primary key,
        pipeline text not null,
        pipeline_version integer not null,
        definition jsonb not null
      );
      create table verdicts (
        segment text primary key,
        data_set text not null,
        pipeline_version integer not null,
        rows integer not null,
        file jsonb,
        cascade jsonb not null,
        accepted boolean,
        checks jsonb not null,
        profile jsonb,
        announced_at timestamptz not null,
        judged_at timestamptz
      );
      create index verdicts_open on verdicts (announced_at) where judged_at is null;
      create index verdicts_data_set on verdicts (data_set, judged_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table verdicts, suites');
  }
}
