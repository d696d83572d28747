import type { FeatureViewRef, Pipeline } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A pipeline version as feature-store sees it. */
@Entity('feature_views')
export class FeatureViewRow {
  @PrimaryColumn('text')
  pipeline: string;

  @PrimaryColumn('integer')
  version: number;

  /** Pipeline version at which the features became what they are. */
  @Column('integer', { name: 'view_version' })
  viewVersion: number;

  @Column('jsonb')
  definition: Pipeline;

  /** `applied` waits for activation. Tiles are kept for active and superseded ones: a model of an older version may still be served. */
  @Column('text')
  state: 'applied' | 'active' | 'superseded';
}

export function viewRefOf(row: FeatureViewRow): FeatureViewRef {
  return { view: row.pipeline, version: row.viewVersion };
}
