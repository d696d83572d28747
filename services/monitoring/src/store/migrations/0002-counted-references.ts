import type { MigrationInterface, QueryRunner } from 'typeorm';

/** References hold tallies that add up instead of percentiles; those made before are read again from their training sets. */
export class CountedReferences0002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('update model_references set inputs = null, scores = null');
    await runner.query(`update windows set inputs = inputs || '{"repeated": 0, "signs": []}' where inputs is not null`);
    await runner.query('alter table incidents add column change_interval jsonb');
    await runner.query('alter table windows add column edges text');
    await runner.query(`alter table incidents add column attention jsonb not null default '{"state": "new", "by": null, "at": null, "until": null, "note": ""}'`);
    await runner.query(`alter table pipelines add column records_ahead jsonb not null default '{}', add column late jsonb`);
    await runner.query('create index incidents_of_alert on incidents (alert)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index incidents_of_alert');
    await runner.query('alter table pipelines drop column records_ahead, drop column late');
    await runner.query('alter table incidents drop column attention');
    await runner.query('alter table windows drop column edges');
    await runner.query('alter table incidents drop column change_interval');
  }
}
