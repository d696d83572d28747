import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Effects0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table effects (hold text primary key, pipeline text not null, place integer not null, times integer not null)');
    await runner.query('create table known_incidents (incident text primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table effects, known_incidents');
  }
}
