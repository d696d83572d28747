import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries are found by the incident that they are about. Those from before are found by their cascade. */
export class Incidents0005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table audit_entries add column incident text`);
    await runner.query(`create index audit_entries_incident on audit_entries (incident, "index") where incident is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index audit_entries_incident; alter table audit_entries drop column incident`);
  }
}
