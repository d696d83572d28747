import type { Artifact, Finding, HoldOutResult, ModelVersionRef, ParityResult, Pipeline, TrainingSetCreated } from '@millrace/contracts';
import type { TriggerCause } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

export type RunState =
  | 'waiting-for-training-set'
  | 'queued'
  | 'running'
  | 'trained'
  | 'evaluated'
  | 'approved'
  | 'rejected'
  | 'failed';

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

  @Column('text')
  state!: RunState;

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

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
