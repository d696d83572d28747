import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index entry of Postgres holds at most 2.7 kB: an event with a longer key could not be parked, and its partition stood still for ever. */
export class ParkedByHash0005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index parked_by_key');
    await runner.query('create index parked_by_key on parked (topic, hashtextextended(key, 0), position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index parked_by_key');
    await runner.query('create index parked_by_key on parked (topic, key, position)');
  }
}
