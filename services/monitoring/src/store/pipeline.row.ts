import type { ModelVersionRef, Pipeline } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

/** A published table and how far its data set is known. */
export interface WatchedTable {
  url: string;
  version: number;
  /** Largest time of knowledge published, ISO; null while nothing was. */
  watermark: string | null;
  /** Rows by day that lie ahead of the watermark and are too few to be believed. */
  ahead?: Record<string, number>;
  /** The publication that brought it here: what monitoring finds is caused by it. */
  cascade: Cascade;
}

/** An active pipeline, who answers for it, and how far its windows were judged. */
@Entity('pipelines')
export class PipelineRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @Column('int')
  version!: number;

  @Column('jsonb')
  definition!: Pipeline;

  /** The version that answers. */
  @Column('jsonb', { nullable: true })
  champion!: ModelVersionRef | null;

  /** Revision of the route that named it. */
  @Column('int', { name: 'route_revision' })
  routeRevision!: number;

  @Column('jsonb', { nullable: true })
  predictions!: WatchedTable | null;

  @Column('jsonb', { nullable: true })
  labels!: WatchedTable | null;

  /** Largest time of knowledge of the records to predict. */
  @Column('timestamptz', { name: 'records_watermark', nullable: true })
  recordsWatermark!: Date | null;

  /** Rows by day that lie ahead of it and are too few to be believed. */
  @Column('jsonb', { name: 'records_ahead' })
  recordsAhead!: Record<string, number>;

  /** Predictions that came after their window was closed without them, for the next window to tell. */
  @Column('jsonb', { nullable: true })
  late!: { rows: number; of: string } | null;

  /** Records to predict that were refused for their shape, for the next window to tell. */
  @Column('jsonb', { nullable: true })
  refused!: { records: number; example: string } | null;

  /** Event time of the first prediction. */
  @Column('timestamptz', { name: 'first_prediction_at', nullable: true })
  firstPredictionAt!: Date | null;

  /** Start of the next window of inputs to judge; null before the first prediction. */
  @Column('timestamptz', { name: 'next_window_at', nullable: true })
  nextWindowAt!: Date | null;

  /** Start of the next window whose outcomes are to be judged. */
  @Column('timestamptz', { name: 'next_outcome_at', nullable: true })
  nextOutcomeAt!: Date | null;
}
