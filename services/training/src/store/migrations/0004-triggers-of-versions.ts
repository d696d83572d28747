import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The version that a finding is about: what is found about a candidate is not training's to answer. */
export class TriggersOfVersions0004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table triggers add column model_version int`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table triggers drop column model_version`);
  }
}
