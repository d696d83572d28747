import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sealed hold-out. The object in the store is encrypted; its key exists only here. */
@Entity('hold_outs')
export class HoldOutRow {
  @PrimaryColumn('text', { name: 'hold_out' })
  holdOut: string;

  @Column('text')
  pipeline: string;

  /** Training set with which it was sealed. */
  @Column('text', { name: 'training_set' })
  trainingSet: string;

  @Column('text')
  kind: 'recent' | 'reference';

  @Column('integer', { name: 'view_version' })
  viewVersion: number;

  @Column('timestamptz', { name: 'window_from' })
  windowFrom: Date;

  @Column('timestamptz', { name: 'window_to' })
  windowTo: Date;

  @Column('integer')
  rows: number;

  /** Of the Parquet file before encryption. */
  @Column('text')
  sha256: string;

  @Column('text')
  url: string;

  /** AES-256 key. */
  @Column('bytea')
  key: Buffer;

  /** Whether this is the pinned hold-out of its pipeline. */
  @Column('boolean', { name: 'is_pinned' })
  isPinned: boolean;
}
