import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Broken data hold rollouts that have not begun when they are found. */
export class HeldRoutes0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table routes add column held_by text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table routes drop column held_by`);
  }
}
