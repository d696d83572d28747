import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Marks of events apart from positions of batches. Governance reads the registry's topic both ways, event by event and in batches for its log: with one
 * number for both, an event that was handled first was left out of the log.
 */
export class InboxMarks0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table inbox_marks (topic text not null, partition integer not null, next_offset bigint not null, primary key (topic, partition))');
    await runner.query('insert into inbox_marks select topic, partition, next_offset from inbox_positions where next_offset >= 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox_marks');
  }
}
