import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Data sets, the positions in their topics, segments, quarantine, publications and file loads. */
export class DataSets0001 implements MigrationInterface {
  readonly name = 'DataSets0001000000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table data_sets (
        data_set text primary key,
        project text not null,
        pipeline text not null,
        kind text not null,
        pipeline_version integer,
        definition jsonb,
        columns jsonb not null,
        version integer,
        total_rows integer not null,
        watermark timestamptz
      );
      create table partition_positions (
        data_set text not null references data_sets,
        partition integer not null,
        next_offset bigint not null,
        published_offset bigint not null,
        primary key (data_set, partition)
      );
      create table publications (
        publication uuid primary key,
        data_set text not null references data_sets,
        kind text not null,
        to_version integer,
        segments jsonb not null,
        removed_segments jsonb not null,
        positions jsonb not null,
        cascade jsonb not null,
        reason text,
        version integer,
        rows integer not null,
        total_rows integer not null,
        planned_at timestamptz not null,
        published_at timestamptz
      );
      create unique index publications_open on publications (data_set) where published_at is null;
      create index publications_version on publications (data_set, version);
      create table segments (
        segment text primary key,
        data_set text not null references data_sets,
        partition integer not null,
        from_offset bigint not null,
        to_offset bigint not null,
        rows integer not null,
        quarantined integer not null,
        file jsonb,
        statistics jsonb,
        rows_by_day jsonb not null,
        pipeline_version integer not null,
        min_event_time timestamptz,
        max_event_time timestamptz,
        max_known_at timestamptz,
        state text not null,
        because jsonb not null,
        cascade jsonb,
        publication uuid references publications,
        version integer,
        staged_at timestamptz not null,
        unique (data_set, partition, from_offset)
      );
      create index segments_staged_at on segments (data_set, staged_at);
      create index segments_waiting on segments (staged_at) where state in ('staged', 'accepted');
      create table quarantined_records (
        id bigint generated always as identity primary key,
        data_set text not null references data_sets,
        segment text not null,
        partition integer not null,
        "offset" bigint not null,
        key text,
        code text not null,
        detail text not null,
        value bytea not null,
        size_bytes integer not null,
        quarantined_at timestamptz not null,
        replayed_at timestamptz,
        unique (data_set, partition, "offset")
      );
      create table file_loads (
        file text primary key,
        data_set text not null references data_sets,
        format text not null,
        url text not null,
        size_bytes bigint not null,
        state text not null,
        rows_done integer not null,
        problem text,
        received_at timestamptz not null
      );
      create table file_positions (
        file text not null,
        partition integer not null,
        last_row integer not null,
        primary key (file, partition)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table file_positions, file_loads, quarantined_records, segments, publications, partition_positions, data_sets');
  }
}
