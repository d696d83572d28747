import type { Finding } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far one service is with its part of a pipeline version. */
@Entity('pipeline_parts')
export class PipelinePartRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int')
  version!: number;

  @PrimaryColumn('text')
  service!: string;

  @Column('text')
  state!: 'pending' | 'ready' | 'refused';

  @Column('jsonb')
  because!: Finding[];
}
