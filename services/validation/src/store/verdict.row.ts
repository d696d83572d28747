import type { Artifact, Finding, Profile, SegmentVerdict } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where later work goes on in a cascade: what `cascadeOf` of the runtime gives. */
export interface CascadePlace {
  project: string;
  correlationId: string;
  causationId: string;
  pipelineVersion?: number;
  traceparent?: string;
}

/** A segment that was announced; it is scanned outside the transaction that takes the announcement, and judged in another. */
@Entity('verdicts')
export class VerdictRow {
  @PrimaryColumn('text')
  segment: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  /** Version of the pipeline under which the segment was made; it is not judged by an earlier one. */
  @Column('integer', { name: 'pipeline_version' })
  pipelineVersion: number;

  @Column('integer')
  rows: number;

  @Column('jsonb', { nullable: true })
  file: Artifact | null;

  @Column('jsonb')
  cascade: CascadePlace;

  /** Null until it is judged. */
  @Column('boolean', { nullable: true })
  accepted: boolean | null;

  @Column('jsonb')
  checks: Finding[];

  @Column('jsonb', { nullable: true })
  profile: Profile | null;

  @Column('timestamptz', { name: 'announced_at' })
  announcedAt: Date;

  @Column('timestamptz', { name: 'judged_at', nullable: true })
  judgedAt: Date | null;
}

export function toSegmentVerdict(row: VerdictRow): SegmentVerdict {
  const { dataSet, segment, accepted, checks, profile, judgedAt, announcedAt } = row;
  return { dataSet, segment, accepted: accepted === true, checks, profile: profile ?? { rows: 0, columns: {} }, judgedAt: (judgedAt ?? announcedAt).toISOString() };
}
