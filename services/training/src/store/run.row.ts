import type { Artifact, Finding, HoldOutResult, ModelVersionRef, ParityResult, Pipeline, TrainingSetCreated } from '@millrace/contracts';
import type { TriggerCause } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

export type RunState =
  | 'waiting-for-turn'
  | 'waiting-for-training-set'
  | 'queued'
  | 'running'
  | 'trained'
  | 'evaluated'
  | 'approved'
  | 'rejected'
  | 'failed'
  | 'cancelled';

/** States between request and evaluation: these take a place. */
export const statesUnderWay: readonly RunState[] = ['waiting-for-training-set', 'queued', 'running', 'trained'];

/** A command under way: enough to end its process group after a restart of this service. */
export interface RunProcess {
  /** Instance of the service that started it. */
  instance: string;
  pid: number | null;
  /** Start time of the process in clock ticks, as the kernel says, so that a reused id is not taken for it. */
  startTicks: string | null;
}

/** What the platform knows of the command it runs: its digests travel to the model version. */
export interface RunEnvironment {
  codeSha256: string;
  environmentSha256: string;
}

/** One try to train a better model. */
@Entity('runs')
export class RunRow {
  /** `<project>/run-<uuid>` */
  @PrimaryColumn('text')
  run!: string;

  @Column('text')
  pipeline!: string;

  /** The definition under which it runs, whatever is applied meanwhile. */
  @Column('jsonb')
  definition!: Pipeline;

  @Column('int', { name: 'pipeline_version' })
  pipelineVersion!: number;

  @Column('text')
  trigger!: string;

  @Column('text')
  cause!: TriggerCause;

  /** What monitoring found; null when a person, the clock or a new pipeline asked. */
  @Column('text', { nullable: true })
  incident!: string | null;

  /** What a day of waiting costs, in usual losses times the pipeline's weight. */
  @Column('float8', { name: 'estimated_loss_per_day' })
  estimatedLossPerDay!: number;

  /** A person asked for it, or for the same while it waited: it goes first, and no budget of signals binds it. */
  @Column('boolean')
  urgent!: boolean;

  /** Whether a person is asked before its model takes traffic. */
  @Column('boolean', { name: 'asks_after_shadow' })
  asksAfterShadow!: boolean;

  @Column('text')
  state!: RunState;

  /** Place in the queue that was told last; null before. */
  @Column('int', { name: 'told_position', nullable: true })
  toldPosition!: number | null;

  @Column('int')
  attempt!: number;

  @Column('timestamptz', { name: 'change_point', nullable: true })
  changePoint!: Date | null;

  @Column('int', { name: 'matured_rows' })
  maturedRows!: number;

  @Column('jsonb', { nullable: true })
  champion!: ModelVersionRef | null;

  @Column('jsonb', { name: 'training_set', nullable: true })
  trainingSet!: TrainingSetCreated | null;

  @Column('jsonb', { nullable: true })
  process!: RunProcess | null;

  @Column('jsonb', { nullable: true })
  environment!: RunEnvironment | null;

  @Column('jsonb', { nullable: true })
  model!: Artifact | null;

  @Column('jsonb', { nullable: true })
  parity!: ParityResult | null;

  @Column('jsonb')
  metrics!: Record<string, number>;

  @Column('jsonb', { name: 'hold_outs' })
  holdOuts!: HoldOutResult[];

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  cascade!: Cascade;

  /** Since when it is wanted. */
  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  /** Event time at which its turn came; null before. */
  @Column('timestamptz', { name: 'as_of', nullable: true })
  asOf!: Date | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
