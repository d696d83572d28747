import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Incidents name examples and the segments in which losses grew; a pipeline remembers what was refused of its records. */
export class Explanations0004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table incidents add column segments jsonb not null default '[]', add column examples jsonb not null default '[]'`);
    await runner.query('alter table pipelines add column refused jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table pipelines drop column refused');
    await runner.query('alter table incidents drop column segments, drop column examples');
  }
}
