import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Expand: the first release goes on writing rows without the new column. */
export class AddSeverity0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table effects add column severity text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table effects drop column severity');
  }
}

/** Contract: no process of the first release is left, and the next one writes the column always. */
export class RequireSeverity0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`update effects set severity = 'unknown' where severity is null`);
    await runner.query('alter table effects alter column severity set not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table effects alter column severity drop not null');
  }
}
