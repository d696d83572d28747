import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One handled event of the fixture service; a second handling would add to `times`. */
@Entity('effects')
export class EffectRow {
  @PrimaryColumn('text') hold: string;
  @Column('text') pipeline: string;
  @Column('integer') place: number;
  @Column('integer') times: number;
}
