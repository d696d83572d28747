import type { Target } from '@millrace/contracts';
import type { ServedVersion } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where requests of a pipeline go, and what can be put back. */
@Entity('routes')
export class RouteRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @Column('int')
  revision!: number;

  @Column('jsonb')
  targets!: Target[];

  /** The version that was proven last; null before the first rollout ended well. */
  @Column('jsonb', { nullable: true })
  champion!: ServedVersion | null;

  /** The champion before this one. */
  @Column('jsonb', { nullable: true })
  predecessor!: ServedVersion | null;

  /** Incident of broken data that lasts: a rollout that begins now is paused; null when there is none. */
  @Column('text', { name: 'held_by', nullable: true })
  heldBy!: string | null;
}
