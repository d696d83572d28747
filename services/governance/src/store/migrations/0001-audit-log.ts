import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log: entries in order, the tree as tiles, its head, and every checkpoint that was ever signed. */
export class AuditLog0001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table log_heads (
        id text primary key,
        size bigint not null,
        peaks bytea not null
      );
      insert into log_heads (id, size, peaks) values ('audit', 0, '');
      create table audit_entries (
        "index" bigint primary key,
        leaf text not null,
        data bytea not null,
        logged_at timestamptz not null,
        event_id text not null,
        type text not null,
        project text not null,
        actor text not null,
        correlation text not null,
        causation text,
        time timestamptz not null,
        topic text not null,
        "partition" integer not null,
        "offset" bigint not null,
        pipeline text,
        model_version integer,
        data_set text,
        run text,
        segment text,
        unique (topic, "partition", "offset")
      );
      create index audit_entries_event_id on audit_entries (event_id);
      create index audit_entries_correlation on audit_entries (correlation, "index");
      create index audit_entries_causation on audit_entries (causation) where causation is not null;
      create index audit_entries_type on audit_entries (type, "index");
      create index audit_entries_actor on audit_entries (actor, "index");
      create index audit_entries_time on audit_entries (time);
      create index audit_entries_pipeline on audit_entries (pipeline, model_version, "index") where pipeline is not null;
      create index audit_entries_data_set on audit_entries (data_set, "index") where data_set is not null;
      create index audit_entries_run on audit_entries (run) where run is not null;
      create index audit_entries_segment on audit_entries (segment) where segment is not null;
      create table audit_tiles (
        level integer not null,
        tile bigint not null,
        hashes bytea not null,
        primary key (level, tile)
      );
      -- Hashes do not compress, and a tile is appended to many times.
      alter table audit_tiles alter column hashes set storage external;
      create table checkpoints (
        size bigint primary key,
        root_sha256 text not null,
        note text not null,
        signed_at timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table checkpoints; drop table audit_tiles; drop table audit_entries; drop table log_heads');
  }
}
