import { Column, Entity, PrimaryColumn } from 'typeorm';

/** As the next release of the fixture service keeps its effects. */
@Entity('effects')
export class EffectNextRow {
  @PrimaryColumn('text') hold: string;
  @Column('text') pipeline: string;
  @Column('integer') place: number;
  @Column('integer') times: number;
  /** Rows that the first release writes have none. */
  @Column('text', { nullable: true }) severity: string | null;
}
