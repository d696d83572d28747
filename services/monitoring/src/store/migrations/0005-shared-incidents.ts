import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One change of a data set is one incident, whatever number of pipelines sees it: each is a row of it. */
export class SharedIncidents0005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table incidents
      add column sources text[] not null default '{}',
      add column recipient text not null default 'unassigned'`);
    await runner.query(`alter table incidents drop constraint incidents_pkey, add primary key (incident, pipeline)`);
    await runner.query(`create index open_incidents_of_sources on incidents using gin (sources) where state = 'raised'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index open_incidents_of_sources`);
    await runner.query(`alter table incidents drop constraint incidents_pkey, add primary key (incident)`);
    await runner.query(`alter table incidents drop column sources, drop column recipient`);
  }
}
