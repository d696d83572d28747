import type { CascadeSummary } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A step that an event began, or the answer to one whose event has not been read yet (`eventId` is null then). */
@Entity('cascade_steps')
export class CascadeStepRow {
  @PrimaryColumn('text')
  entity: string;

  /** Type of the event that began it. */
  @PrimaryColumn('text')
  after: string;

  @Column('text', { name: 'event_id', nullable: true })
  eventId: string | null;

  @Column('text', { nullable: true })
  correlation: string | null;

  @Column('text', { nullable: true })
  project: string | null;

  @Column('text', { nullable: true })
  pipeline: string | null;

  @Column('integer', { name: 'pipeline_version', nullable: true })
  pipelineVersion: number | null;

  @Column('timestamptz')
  since: Date;

  /** Null: no deadline. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt: Date | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt: Date | null;

  @Column('timestamptz', { name: 'stalled_at', nullable: true })
  stalledAt: Date | null;
}

/** Where a cascade stands, by the steps of it that have not come and the events that wait as dead letters. */
export function cascadeStateOf(open: readonly { stalledAt: Date | null }[], openDeadLetters: number): CascadeSummary['state'] {
  if (openDeadLetters > 0 || open.some(({ stalledAt }) => stalledAt !== null)) return 'stalled';
  return open.length === 0 ? 'resting' : 'moving';
}
