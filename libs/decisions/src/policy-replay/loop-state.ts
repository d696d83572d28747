import type { Finding } from '../evaluation/finding.js';
import type { JudgedWindow } from '../monitoring/decide-drift.js';
import type { DegradationDecision } from '../monitoring/decide-degradation.js';
import type { Incident, IncidentKind } from '../monitoring/decide-incident.js';
import type { LossWindow } from '../monitoring/loss-window.js';
import type { BoundedReference } from '../monitoring/reference-of.js';
import type { WindowProfile } from '../monitoring/window-profile.js';
import type { Diagnosis, Refusal, TriggerDecision, TriggerSignal } from '../training/decide-trigger.js';
import type { RolloutPhase } from '../training/who-answers.js';
import type { DayRows } from '../training/matured-rows.js';

export type LivedKind = Extract<IncidentKind, 'data' | 'drift' | 'performance' | 'labels'>;

/** What asks for training: an incident, or the schedule. */
export type AskingKind = LivedKind | 'schedule';

/** A signal that waits for labels, or is held. */
export interface WaitingTrigger {
  signal: TriggerSignal;
  kind: AskingKind;
  /** Empty for the schedule. */
  incident: string;
  state: 'waiting-for-labels' | 'held';
  waitingSinceMs: number | null;
  retried: boolean;
}

/** What the loop remembers between windows. */
export interface LoopState {
  /** Judged windows outside of data incidents, oldest first. */
  recent: JudgedWindow[];
  /** Windows whose outcomes were judged, oldest first. */
  outcomes: { losses: LossWindow; verdict: DegradationDecision['verdict'] }[];
  /** Windows (by start) that belong to a data incident: their losses say nothing of the model. */
  broken: string[];
  incidents: Partial<Record<LivedKind, Incident>>;
  /** Oldest first. */
  waiting: WaitingTrigger[];
  /** What asked for the last run. */
  asked: WaitingTrigger | null;
  lastRunMs: number | null;
  /** End of the first window: a schedule counts from it while no run is known. */
  beganMs: number | null;
  /** When the runs were asked for. */
  runsMs: number[];
  lastRefusal: Refusal | null;
  raised: number;
}

/** What is there to judge when a window closes. */
export interface SeenByLoop {
  profile: WindowProfile;
  reference: BoundedReference;
  /** Columns judged by windows of their own: the scores of the version. */
  separate: BoundedReference[];
  usual: LossWindow[];
  /** Windows whose outcomes became final since the last window, oldest first. */
  matured: LossWindow[];
  /** Rows by day for matured rows behind a change point. */
  days: readonly DayRows[];
  /** Whether a rollout is open: then deployment answers, and what is found waits for its end. */
  phase: RolloutPhase;
  /** Event time now: the end of the window. */
  nowMs: number;
}

/** Something that happened. `decision` is what training answers. */
export interface LoopStep {
  what: 'raised' | 'resolved' | 'decided';
  kind: AskingKind;
  atMs: number;
  window: { from: string; to: string };
  diagnosis: Diagnosis;
  changePoint: string | null;
  decision?: TriggerDecision;
  because: Finding[];
}
