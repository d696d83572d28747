import type { CascadeDeadLetter } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event of a cascade that a service gave up. */
@Entity('cascade_dead_letters')
export class CascadeDeadLetterRow {
  @PrimaryColumn('text', { name: 'dead_letter' })
  deadLetter: string;

  @Column('text')
  service: string;

  @Column('text')
  correlation: string;

  @Column('text', { name: 'event_id' })
  eventId: string;

  @Column('text')
  type: string;

  @Column('text')
  state: CascadeDeadLetter['state'];

  @Column('text', { nullable: true })
  code: string | null;

  @Column('text', { nullable: true })
  detail: string | null;

  @Column('text', { name: 'changed_by', nullable: true })
  changedBy: string | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt: Date;

  /** When `cascade.stalled` said so; null when it did not, or a replay came since. */
  @Column('timestamptz', { name: 'reported_at', nullable: true })
  reportedAt: Date | null;
}

export function toCascadeDeadLetter(row: CascadeDeadLetterRow): CascadeDeadLetter {
  const { deadLetter, service, eventId, type, state, code, detail, changedBy, reason, changedAt } = row;
  return { deadLetter, service, event: eventId, type, state, code, detail, by: changedBy, reason, at: changedAt.toISOString() };
}
