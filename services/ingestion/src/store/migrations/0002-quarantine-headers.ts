import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A CloudEvent that was set aside can be judged again only with the headers it came with. */
export class QuarantineHeaders0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table quarantined_records add column headers json not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table quarantined_records drop column headers');
  }
}
