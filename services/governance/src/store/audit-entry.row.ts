import type { AuditEntry, AuditRecord } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An entry of the log. `leaf` and `data` are what is proved; the other columns are copies to search by. */
@Entity('audit_entries')
export class AuditEntryRow {
  @PrimaryColumn('bigint')
  index: number;

  /** RFC 8785 text of the entry. */
  @Column('text')
  leaf: string;

  /** The record's value, byte for byte. */
  @Column('bytea')
  data: Buffer;

  @Column('timestamptz', { name: 'logged_at' })
  loggedAt: Date;

  @Column('text', { name: 'event_id' })
  eventId: string;

  @Column('text')
  type: string;

  @Column('text')
  project: string;

  @Column('text')
  actor: string;

  @Column('text')
  correlation: string;

  @Column('text', { nullable: true })
  causation: string | null;

  @Column('timestamptz')
  time: Date;

  @Column('text')
  topic: string;

  @Column('integer')
  partition: number;

  @Column('bigint')
  offset: number;

  @Column('text', { nullable: true })
  pipeline: string | null;

  @Column('integer', { name: 'model_version', nullable: true })
  modelVersion: number | null;

  @Column('text', { name: 'data_set', nullable: true })
  dataSet: string | null;

  @Column('text', { nullable: true })
  run: string | null;

  @Column('text', { nullable: true })
  segment: string | null;

  @Column('text', { nullable: true })
  incident: string | null;
}

export function entryOf({ leaf }: Pick<AuditEntryRow, 'leaf'>): AuditEntry {
  return JSON.parse(leaf) as AuditEntry;
}

export function toAuditRecord(row: AuditEntryRow): AuditRecord {
  return { index: row.index, loggedAt: row.loggedAt.toISOString(), entry: entryOf(row) };
}

/** The event's data; undefined when the record is no JSON. */
export function dataOf({ data }: Pick<AuditEntryRow, 'data'>): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
