import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file that a run logged; the bytes lie in the object store, named by their content. */
@Entity('tracking_artifacts')
export class TrackedArtifactRow {
  /** `<experiment>/<run>/artifacts` */
  @PrimaryColumn('text')
  root!: string;

  @PrimaryColumn('text')
  path!: string;

  @Column('text')
  url!: string;

  @Column('text')
  sha256!: string;

  @Column('bigint', { name: 'size_bytes' })
  sizeBytes!: number;
}
