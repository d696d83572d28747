import type { Finding, TimeWindow } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A data incident during which a pipeline does not train. */
@Entity('holds')
export class HoldRow {
  /** `<project>/hold-<uuid>` */
  @PrimaryColumn('text')
  hold!: string;

  @Column('text')
  pipeline!: string;

  @Column('text')
  incident!: string;

  @Column('text')
  state!: 'open' | 'lifted';

  /** Event time from which the data are broken. */
  @Column('timestamptz', { name: 'broken_from' })
  brokenFrom!: Date;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: Date;

  @Column('timestamptz', { name: 'lifted_at', nullable: true })
  liftedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  excluded!: TimeWindow | null;

  @Column('jsonb')
  because!: Finding[];
}
