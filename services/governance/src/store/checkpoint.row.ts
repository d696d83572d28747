import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A checkpoint as it was signed; none is ever changed or removed. */
@Entity('checkpoints')
export class CheckpointRow {
  @PrimaryColumn('bigint')
  size: number;

  /** Hexadecimal. */
  @Column('text', { name: 'root_sha256' })
  rootSha256: string;

  @Column('text')
  note: string;

  @Column('timestamptz', { name: 'signed_at' })
  signedAt: Date;
}
