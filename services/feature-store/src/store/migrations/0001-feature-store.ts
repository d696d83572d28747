import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Feature views, what they read, online tiles, training sets and sealed hold-outs. */
export class FeatureStore0001 implements MigrationInterface {
  readonly name = 'FeatureStore0001000000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table feature_views (
        pipeline text not null,
        version integer not null,
        view_version integer not null,
        definition jsonb not null,
        state text not null,
        primary key (pipeline, version)
      );
      create unique index feature_views_active on feature_views (pipeline) where state = 'active';
      create table sources (
        data_set text primary key,
        pipeline text not null,
        version integer not null,
        table_url text not null,
        watermark timestamptz,
        offsets jsonb not null
      );
      create table source_positions (
        data_set text not null,
        partition integer not null,
        source_offset bigint not null,
        watermark_ms bigint not null,
        announced_offset bigint not null,
        changed_values integer not null,
        primary key (data_set, partition)
      );
      create table staged_segments (
        segment text primary key,
        data_set text not null,
        partition integer not null,
        to_offset bigint not null,
        file jsonb,
        state text not null
      );
      create index staged_segments_of_data_set on staged_segments (data_set);
      create table tile_rebuilds (
        data_set text primary key,
        done jsonb not null,
        requested_at timestamptz not null
      );
      create table tiles (
        series text not null,
        entity text not null,
        tile_start_ms bigint not null,
        partition integer not null,
        count integer not null,
        sum double precision not null,
        min double precision not null,
        max double precision not null,
        last double precision not null,
        last_at_ms bigint not null,
        primary key (series, entity, tile_start_ms, partition)
      );
      create index tiles_by_age on tiles (series, tile_start_ms);
      create table training_sets (
        training_set text primary key,
        pipeline text not null,
        run text not null unique,
        state text not null,
        version integer not null,
        request jsonb not null,
        cascade jsonb not null,
        requested_at timestamptz not null,
        as_of timestamptz,
        rows integer,
        "window" jsonb,
        because jsonb not null
      );
      create index training_sets_open on training_sets (requested_at) where state = 'requested';
      create index training_sets_of_pipeline on training_sets (pipeline, requested_at);
      create table hold_outs (
        hold_out text primary key,
        pipeline text not null,
        training_set text not null references training_sets,
        kind text not null,
        view_version integer not null,
        window_from timestamptz not null,
        window_to timestamptz not null,
        rows integer not null,
        sha256 text not null,
        url text not null,
        key bytea not null,
        is_pinned boolean not null
      );
      create index hold_outs_of_training_set on hold_outs (training_set);
      create unique index hold_outs_pinned on hold_outs (pipeline) where is_pinned;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table hold_outs, training_sets, tiles, tile_rebuilds, staged_segments, source_positions, sources, feature_views');
  }
}
