import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables that every service has in its own schema. `outbox` has the column names of Debezium's outbox event router
 * (id, aggregatetype, aggregateid, type, payload), so that Debezium can take the relay's place; `payload` is `json`, as `jsonb`
 * refuses the character U+0000 and reorders what producers wrote.
 */
export class ServiceTables0000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['outbox', 'inbox_ids', 'inbox_positions', 'parked', 'dead_letters', 'answers']) await runner.query(`drop table "${table}"`);
  }
}

const tables = [
  `create table outbox (
     position bigint generated always as identity primary key,
     id uuid not null,
     aggregatetype text not null,
     aggregateid text not null,
     type text not null,
     payload json,
     headers json not null,
     traceparent text,
     created_at timestamptz not null default clock_timestamp(),
     published_at timestamptz)`,
  `create index outbox_unpublished on outbox (position) where published_at is null`,
  `create index outbox_published on outbox (published_at) where published_at is not null`,
  `create table inbox_positions (
     topic text not null,
     partition integer not null,
     next_offset bigint not null,
     primary key (topic, partition))`,
  `create table inbox_ids (
     event_id text primary key,
     topic text,
     partition integer,
     "offset" bigint,
     handled_at timestamptz not null default now())`,
  `create table parked (
     position bigint generated always as identity primary key,
     topic text not null,
     partition integer not null,
     "offset" bigint not null,
     key text not null,
     event_id text not null,
     type text not null,
     headers json not null,
     payload bytea,
     attempt integer not null,
     next_attempt_at timestamptz not null,
     because json not null,
     parked_at timestamptz not null default now(),
     unique (topic, partition, "offset"))`,
  `create index parked_by_key on parked (topic, key, position)`,
  `create table dead_letters (
     id uuid primary key,
     topic text not null,
     partition integer not null,
     "offset" bigint not null,
     key text not null,
     event_id text not null,
     type text not null,
     headers json not null,
     payload bytea,
     attempt integer not null,
     because json not null,
     dead_at timestamptz not null default now(),
     replayed_at timestamptz,
     replayed_by text,
     unique (topic, partition, "offset"))`,
  `create table answers (
     actor text not null,
     operation_id text not null,
     key text not null,
     body_sha256 text not null,
     answer json,
     answered_at timestamptz not null default now(),
     primary key (actor, operation_id, key))`,
];
