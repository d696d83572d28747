// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.

/**
 * What a caller may do. admin may do everything but what is for services alone.
 */
export type Role = ("public" | "viewer" | "producer" | "predictor" | "scientist" | "run-code" | "approver" | "operator" | "auditor" | "tracking" | "service" | "admin")
/**
 * One feature; the same definition is computed online and offline.
 */
export type FeatureDefinition = (RowFeature | AggregateFeature)

/**
 * Says that a person looks after what an alert is about
 */
export interface AcknowledgeAlertInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the alert, al-<uuid>
   */
  alert: string;
  /**
   * Why
   */
  note?: string;
}
/**
 * A feature over other records: at time t it covers the complete tiles of [floor(t, everyMs) - windowMs, floor(t, everyMs)).
 */
export interface AggregateFeature {
  name: string;
  kind: "aggregate";
  aggregate: ("mean" | "sum" | "count" | "min" | "max" | "last");
  /**
   * Id of the data set whose records are aggregated.
   */
  dataSet: string;
  /**
   * Numeric column that is aggregated, nulls left out; null counts records.
   */
  column: (string | null);
  /**
   * Column of that data set that groups its records.
   */
  by: string;
  /**
   * Column of the predicted data set that says which group is meant.
   */
  on: string;
  /**
   * Length of the window in milliseconds; a whole number of tiles.
   */
  windowMs: number;
  /**
   * Length of one tile in milliseconds.
   */
  everyMs: number;
  /**
   * Clock that puts a record into a tile. eventTime leaks what was not yet known at the time of the prediction and has to be asked for.
   */
  time: ("knownAt" | "eventTime");
  /**
   * long for count, else double.
   */
  type: ("double" | "long");
  /**
   * False for count and sum, which are 0 for an empty window.
   */
  nullable: boolean;
}
/**
 * A person looks after what an alert is about.
 */
export interface AlertAcknowledged {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the alert
   */
  alert: string;
  /**
   * Id of the incident that it is about
   */
  incident: string;
  /**
   * Why; empty when nothing was said
   */
  note: string;
}
/**
 * A person should look.
 */
export interface AlertRaised {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the alert
   */
  alert: string;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * Kind of the alert, kebab-case
   */
  kind: string;
  /**
   * How bad
   */
  severity: ("info" | "warning" | "critical");
  /**
   * Whom it is for
   */
  recipient: string;
  /**
   * What happened, one sentence
   */
  summary: string;
  /**
   * What to do, one sentence
   */
  remedy: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * One thing that a decision looked at: what was measured, the bound it was held against, and whether it held.
 */
export interface Finding {
  /**
   * Name of the check, kebab-case
   */
  check: string;
  /**
   * Whether it held
   */
  passed: boolean;
  /**
   * What was measured; null when there was too little to measure
   */
  measured?: (number | string | null);
  /**
   * What it was held against
   */
  bound?: (number | string | null);
  /**
   * A sentence for a person
   */
  detail?: string;
  /**
   * Blocks (days or entities) the measure rests on
   */
  blocks?: number;
  /**
   * Rows the measure rests on
   */
  rows?: number;
}
/**
 * What an alert was about is over.
 */
export interface AlertResolved {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the alert
   */
  alert: string;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * Kind of the alert, kebab-case
   */
  kind: string;
  window?: TimeWindow;
  /**
   * Event time at which it ended
   */
  resolvedAt: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A stretch of event time: from is inside, to is not.
 */
export interface TimeWindow {
  /**
   * Start, inside
   */
  from: string;
  /**
   * End, not inside
   */
  to: string;
}
/**
 * A person wants to hear nothing of an alert for some time; it is raised again if it lasts.
 */
export interface AlertSnoozed {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the alert
   */
  alert: string;
  /**
   * Id of the incident that it is about
   */
  incident: string;
  /**
   * Processing time at which it is raised again
   */
  until: string;
  /**
   * Why; empty when nothing was said
   */
  note: string;
}
/**
 * A step of a rollout was judged.
 */
export interface AnalysisCompleted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Phase
   */
  phase: ("shadow" | "canary" | "bake");
  /**
   * Number of the step
   */
  step: number;
  /**
   * Without evidence it is inconclusive, never a pass
   */
  verdict: ("pass" | "fail" | "inconclusive");
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
  /**
   * Predictions it rests on
   */
  predictions: number;
  /**
   * Blocks it rests on
   */
  blocks: number;
}
/**
 * A token for callers outside; the secret itself is not kept.
 */
export interface ApiToken {
  /**
   * Id of the token.
   */
  id: string;
  /**
   * Whom it speaks for: `user:<name>`.
   */
  subject: string;
  /**
   * What it may do.
   */
  roles: Role[];
  /**
   * Project it is for; `*` is all.
   */
  project: string;
  /**
   * When it was made.
   */
  createdAt: string;
  /**
   * Who made it.
   */
  createdBy: string;
  /**
   * When it ends; null never.
   */
  expiresAt: (string | null);
  /**
   * When it was revoked.
   */
  revokedAt: (string | null);
}
/**
 * Checks a pipeline file in every service and files it as a new version
 */
export interface ApplyPipelineInput {
  /**
   * The pipeline file as written (YAML)
   */
  source: string;
  /**
   * Project that the pipeline belongs to; the caller's token must be for it
   */
  project: string;
  /**
   * Files of the training source, at most 1 MiB each; absent keeps the code of the active version
   *
   * @maxItems 50
   */
  code?: CodeFile[];
  /**
   * Only checks; nothing is filed
   */
  dryRun: boolean;
}
/**
 * A file of the training code.
 */
export interface CodeFile {
  /**
   * Path below the source directory, with forward slashes
   */
  path: string;
  /**
   * Content, base64
   */
  contentBase64: string;
}
/**
 * Approves a version that waits for a person
 */
export interface ApproveModelVersionInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the version
   */
  version: number;
  /**
   * Why
   */
  note?: string;
}
/**
 * An immutable object in the object store, named by its content.
 */
export interface Artifact {
  /**
   * Address: file: or s3: URL
   */
  url: string;
  /**
   * SHA-256, lower-case hex
   */
  sha256: string;
  /**
   * Size in bytes
   */
  sizeBytes: number;
}
/**
 * What people did about an alert.
 */
export interface Attention {
  /**
   * Whether somebody looks after it, or wants to hear nothing of it for some time
   */
  state: ("new" | "acknowledged" | "snoozed");
  /**
   * Who did that; null while new
   */
  by: (string | null);
  /**
   * Processing time at which that was done
   */
  at: (string | null);
  /**
   * Of a snoozed alert: when it is raised again
   */
  until: (string | null);
  /**
   * Why
   */
  note: string;
}
/**
 * What the audit log says of one event. Its RFC 8785 form is the leaf of the tree: under 2 kB, so the event itself lies beside the log and is tied to it by its digest.
 */
export interface AuditEntry {
  /**
   * Id of the event.
   */
  id: string;
  /**
   * Full event type; `unreadable` for a record that is no event.
   */
  type: string;
  /**
   * Service that emitted it, `/millrace/<service>`.
   */
  source: string;
  /**
   * What the event is about.
   */
  subject: string;
  /**
   * When it was emitted, RFC 3339.
   */
  time: string;
  /**
   * Project.
   */
  project: string;
  /**
   * Who caused it: `user:<name>`, `service:<name>` or `run:<id>`.
   */
  actor: string;
  /**
   * Names the cascade.
   */
  correlation: string;
  /**
   * Event or request that made this one.
   */
  causation: (string | null);
  /**
   * Version of the pipeline under which it was decided.
   */
  pipelineVersion: (number | null);
  /**
   * Kafka topic, without the prefix of the installation.
   */
  topic: string;
  /**
   * Kafka partition.
   */
  partition: number;
  /**
   * Kafka offset: gaps against the topic can be found.
   */
  offset: number;
  /**
   * SHA-256 of the record's bytes.
   */
  dataSha256: string;
}
/**
 * An entry of the audit log with its place in it.
 */
export interface AuditRecord {
  /**
   * Place in the log, from 0.
   */
  index: number;
  /**
   * When it was appended, RFC 3339.
   */
  loggedAt: string;
  entry: AuditEntry;
}
/**
 * An entry of the audit log with the exact bytes that are proved, and the event beside it.
 */
export interface AuditRecordDetail {
  /**
   * Place in the log, from 0.
   */
  index: number;
  /**
   * When it was appended, RFC 3339.
   */
  loggedAt: string;
  entry: AuditEntry;
  /**
   * The RFC 8785 text of the entry: what the tree's leaf is the hash of.
   */
  leaf: string;
  /**
   * The event's data as it stood on the topic (UTF-8 text); `dataSha256` is its digest.
   */
  data: string;
}
/**
 * Mean losses of challenger and champion over the rows of one block.
 */
export interface BlockLoss {
  /**
   * Day, ISO date
   */
  block: string;
  /**
   * Rows in the block
   */
  rows: number;
  /**
   * Mean loss of the challenger
   */
  challengerLoss: number;
  /**
   * Mean loss of the champion on the same rows; null without a champion
   */
  championLoss: (number | null);
  /**
   * Mean over rows of the squared difference of the two losses; gives the effective number of rows
   */
  meanSquaredGain?: (number | null);
}
/**
 * A cascade as a graph: events, and which made which.
 */
export interface Cascade {
  /**
   * Names the cascade.
   */
  correlation: string;
  /**
   * Project.
   */
  project: string;
  /**
   * Pipeline, when any event of the cascade names one.
   */
  pipeline: (string | null);
  /**
   * moving: a next step is awaited; stalled: it is overdue, or an event waits as a dead letter; resting: nothing is awaited.
   */
  state: ("moving" | "resting" | "stalled");
  /**
   * Time of the first event.
   */
  startedAt: string;
  /**
   * Time of the latest event.
   */
  lastAt: string;
  /**
   * Events in the order of their times; those of other cascades that are causes or effects stand among them with their own correlation.
   */
  nodes: CascadeNode[];
  edges: CascadeEdge[];
  /**
   * Steps that have not come yet.
   */
  awaited: AwaitedStep[];
  /**
   * Events of it that a service gave up, and what became of them.
   */
  deadLetters: CascadeDeadLetter[];
}
/**
 * An event of a cascade.
 */
export interface CascadeNode {
  /**
   * Id of the event.
   */
  id: string;
  /**
   * Full event type.
   */
  type: string;
  /**
   * The cascade it belongs to.
   */
  correlation: string;
  /**
   * What it is about.
   */
  subject: string;
  /**
   * Who caused it.
   */
  actor: string;
  /**
   * When it was emitted.
   */
  time: string;
  /**
   * Milliseconds since the first event of the cascade.
   */
  sinceStartMs: number;
  /**
   * Milliseconds since the event that made this one; null for the first.
   */
  hopMs: (number | null);
  /**
   * Place in the audit log.
   */
  index: number;
  /**
   * The decision in words, when the event carries one.
   */
  summary: (string | null);
}
/**
 * One event made another.
 */
export interface CascadeEdge {
  /**
   * Id of the event that made it.
   */
  from: string;
  /**
   * Id of the event that was made.
   */
  to: string;
  /**
   * causation: the event in hand; cause: a further signal that was joined.
   */
  kind: ("causation" | "cause");
}
/**
 * A step that must follow an event.
 */
export interface AwaitedStep {
  /**
   * Id of the event.
   */
  after: string;
  /**
   * Type of the event.
   */
  afterType: string;
  /**
   * Any of these types ends the wait.
   */
  expects: string[];
  /**
   * When the step is overdue; null: it may take as long as it needs.
   */
  dueAt: (string | null);
  /**
   * Whether it was reported as overdue.
   */
  stalled: boolean;
}
/**
 * An event of a cascade that a service gave up.
 */
export interface CascadeDeadLetter {
  /**
   * Id of the dead letter.
   */
  deadLetter: string;
  /**
   * The service that gave it up.
   */
  service: string;
  /**
   * Id of the event.
   */
  event: string;
  /**
   * Full type of the event.
   */
  type: string;
  /**
   * open: the cascade waits for somebody; replayed: it was tried again and has not failed since; dropped: nobody will handle it.
   */
  state: ("open" | "replayed" | "dropped");
  /**
   * Error code.
   */
  code: (string | null);
  /**
   * Why it could not be handled, a sentence.
   */
  detail: (string | null);
  /**
   * Who replayed or dropped it.
   */
  by: (string | null);
  /**
   * Why it was replayed or dropped.
   */
  reason: (string | null);
  /**
   * When it came into this state.
   */
  at: string;
}
/**
 * A cascade exceeded the declared time of a step, or a service gave up one of its events.
 */
export interface CascadeStalled {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Correlation id of the cascade
   */
  correlation: string;
  lastEvent: EventRef;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
  deadLetter?: StallingDeadLetter;
}
/**
 * Last event that was seen
 */
export interface EventRef {
  /**
   * Id of the event
   */
  id: string;
  /**
   * Type of the event
   */
  type: string;
}
/**
 * The dead letter that it waits on, if it does; it goes on by a replay
 */
export interface StallingDeadLetter {
  /**
   * The service that gave the event up
   */
  service: string;
  /**
   * Id of the dead letter
   */
  id: string;
}
/**
 * A cascade in one line: everything that followed from one beginning.
 */
export interface CascadeSummary {
  /**
   * Names the cascade.
   */
  correlation: string;
  /**
   * Project.
   */
  project: string;
  /**
   * Pipeline, when any event of the cascade names one.
   */
  pipeline: (string | null);
  /**
   * Type of the first event.
   */
  firstType: string;
  /**
   * Type of the latest event.
   */
  lastType: string;
  /**
   * Time of the first event.
   */
  startedAt: string;
  /**
   * Time of the latest event.
   */
  lastAt: string;
  /**
   * Events so far.
   */
  events: number;
  /**
   * Whether anything in it was decided; false: it only moved data on.
   */
  decides: boolean;
  /**
   * moving: a next step is awaited; stalled: it is overdue, or an event waits as a dead letter; resting: nothing is awaited.
   */
  state: ("moving" | "resting" | "stalled");
}
/**
 * Checks the part of deployment in a pipeline, without effect
 */
export interface CheckDeploymentPartInput {
  definition: Pipeline;
}
/**
 * A pipeline as written by its owner, checked, with every default filled in. Durations are milliseconds. Lists keep the order of the file.
 */
export interface Pipeline {
  /**
   * <project>/<name>
   */
  id: string;
  project: string;
  name: string;
  description: string;
  owners: PipelineOwners;
  dataSets: DataSetDefinition[];
  predict: PredictDefinition;
  /**
   * In the order of the model's inputs.
   */
  features: FeatureDefinition[];
  label: LabelDefinition;
  training: TrainingDefinition;
  evaluation: EvaluationDefinition;
  rollout: RolloutDefinition;
  serving: ServingDefinition;
  monitoring: MonitoringDefinition;
  reactions: ReactionDefinitions;
  approval: ApprovalDefinition;
}
/**
 * Who is told: `data` about data incidents, `model` about everything else. Null: nobody was named.
 */
export interface PipelineOwners {
  data: (string | null);
  model: (string | null);
}
/**
 * The schema of a data set, its two clocks and its expectations.
 */
export interface DataSetDefinition {
  /**
   * <project>/<name>
   */
  id: string;
  name: string;
  /**
   * Column whose value is the Kafka key and names the record.
   */
  keyColumn: string;
  /**
   * Timestamp column: when it happened.
   */
  eventTimeColumn: string;
  /**
   * Timestamp column: when it became known; the event time's column where none was declared.
   */
  knownAtColumn: string;
  /**
   * Partitions of the data topics; null takes the platform's default.
   */
  partitions: (number | null);
  /**
   * How long Kafka keeps the records of the data topics; null or absent takes the broker's default. The table keeps them in any case.
   */
  retentionMs?: (number | null);
  columns: ColumnDefinition[];
  segmentChecks: SegmentCheck[];
}
/**
 * One column of a data set with its record expectations. A record that breaks a bound is quarantined or only reported, as `failure` says.
 */
export interface ColumnDefinition {
  name: string;
  /**
   * In JSON a timestamp is an ISO 8601 text with its zone; a long is a whole number of at most 53 bits.
   */
  type: ("string" | "double" | "long" | "boolean" | "timestamp");
  /**
   * Whether the column may be absent or null in a record.
   */
  optional: boolean;
  /**
   * Smallest value allowed, itself included; double and long only.
   */
  from: (number | null);
  /**
   * Largest value allowed, itself included; double and long only.
   */
  to: (number | null);
  /**
   * Regular expression (ECMAScript, `u`) that a string must match.
   */
  matches: (string | null);
  /**
   * The only values allowed.
   */
  oneOf: ((string | number | boolean)[] | null);
  /**
   * What a value outside from, to, matches or oneOf means. A wrong type or a missing column is always quarantined.
   */
  failure: ("quarantine" | "warn");
}
/**
 * What must hold for a whole segment before it is published: the measured number lies in [from, to].
 */
export interface SegmentCheck {
  /**
   * rows: rows of the segment. nullShare: share (0 to 1) of the column's values that are null. mean: mean of the values that are not null. distinct: different values that are not null. duplicateShare: share of rows whose value of the column stands in an earlier row of the segment.
   */
  measure: ("rows" | "nullShare" | "mean" | "distinct" | "duplicateShare");
  /**
   * Null for `rows` only.
   */
  column: (string | null);
  /**
   * Smallest number allowed, itself included.
   */
  from: (number | null);
  /**
   * Largest number allowed, itself included.
   */
  to: (number | null);
  /**
   * reject: the segment is not published. warn: it is, with the finding.
   */
  failure: ("reject" | "warn");
}
export interface PredictDefinition {
  /**
   * Id of the data set (the spine) of which each record is one prediction, asked for at its event time.
   */
  dataSet: string;
}
/**
 * A feature computed from the record that is predicted, alone.
 */
export interface RowFeature {
  name: string;
  /**
   * column: the value as it is (a boolean as 0 or 1). hourOf: hour 0 to 23, UTC. weekdayOf: 0 Sunday to 6 Saturday, UTC.
   */
  kind: ("column" | "hourOf" | "weekdayOf");
  /**
   * Column of the predicted data set.
   */
  column: string;
  /**
   * Type of the feature's value.
   */
  type: ("double" | "long" | "string");
  nullable: boolean;
}
/**
 * The outcome, joined to the prediction by key. Rows older than maturesAfterMs without a label are left out, never negative.
 */
export interface LabelDefinition {
  /**
   * Id of the data set that brings the outcome.
   */
  dataSet: string;
  /**
   * Numeric or boolean column with the outcome.
   */
  column: string;
  /**
   * With a bound the label is 1 when the value is greater than it, else 0.
   */
  above: (number | null);
  task: ("binary-classification" | "regression");
  /**
   * Event time after which an outcome counts as final.
   */
  maturesAfterMs: number;
}
export interface TrainingDefinition {
  /**
   * Directory of the training code, relative to the pipeline file.
   */
  source: string;
  /**
   * The code as stored by the registry; null in a file that was only parsed.
   */
  code: (Artifact | null);
  command: string[];
  parameters: {
    [k: string]: string | number | boolean;
  };
  seed: number;
  /**
   * Longest stretch of event time to train on.
   */
  windowMs: number;
  /**
   * Windows to try within a run; the best on its newest rows is trained on. Absent: all rows are trained on.
   */
  windows?: TrainingWindow[];
  /**
   * Matured rows needed before a run starts (behind the change point, for a triggered one).
   */
  minimumMaturedRows: number;
  /**
   * Event time to wait for labels before a person is asked.
   */
  labelDeadlineMs: number;
  /**
   * Processing time the command may take.
   */
  timeoutMs: number;
}
export interface TrainingWindow {
  /**
   * Rows to train on; weighted: all, each weighted by its age.
   */
  kind: ("all" | "last" | "since-change" | "weighted");
  /**
   * Length of last, half-life of weighted, ms.
   */
  ms?: number;
}
export interface EvaluationDefinition {
  /**
   * Event time sealed away as the recent hold-out.
   */
  holdOutMs: number;
  /**
   * Rows of one block stand or fall together when gates resample.
   */
  block: "day";
  /**
   * Loss per row that gates and comparisons use.
   */
  metric: ("log-loss" | "squared-error" | "absolute-error");
  gates: GateDefinitions;
}
export interface GateDefinitions {
  /**
   * Smallest value allowed per metric on the recent hold-out (roc-auc, accuracy, r-squared).
   */
  minimum: {
    [k: string]: number;
  };
  /**
   * Largest value allowed per metric on the recent hold-out (log-loss, brier, mean-absolute-error, root-mean-squared-error).
   */
  maximum: {
    [k: string]: number;
  };
  gain: GainGate;
  /**
   * Loss that may be lost on the pinned reference hold-out, in units of the metric.
   */
  referenceLoss: number;
}
export interface GainGate {
  /**
   * Probability allowed of promoting a model that is not better.
   */
  alpha: number;
  /**
   * Gain per row that must surely be exceeded, in units of the metric; below 0 the measured gain must be above 0 as well. Absent: 0.
   */
  atLeast?: number;
  /**
   * Where the gain is shown: on the sealed hold-out, or in shadow on requests that came after training. Absent: hold-out.
   */
  shownIn?: ("hold-out" | "shadow");
  /**
   * Event time of a block of the shadow, ms. Absent: a day.
   */
  blockMs?: number;
}
export interface RolloutDefinition {
  shadow: ShadowDefinition;
  canary: CanaryStep[];
  /**
   * Event time at full traffic during which deployment answers what monitoring finds.
   */
  bakeMs: number;
  /**
   * Predictions for which the predecessor goes on answering in shadow.
   */
  shadowPredecessor: number;
}
export interface ShadowDefinition {
  /**
   * Labelled predictions answered by both before the shadow is judged; 0 leaves the shadow phase out.
   */
  predictions: number;
  /**
   * Loss per row by which the new version may be worse, in units of the metric.
   */
  margin: number;
}
export interface CanaryStep {
  trafficRatio: number;
  /**
   * Predictions the new version must have served in this step.
   */
  predictions: number;
}
export interface ServingDefinition {
  /**
   * durable answers after the broker has the prediction; best-effort may lose what a killed process held.
   */
  logging: ("best-effort" | "durable");
}
export interface MonitoringDefinition {
  /**
   * Length of one window of event time.
   */
  windowMs: number;
  /**
   * Windows out of bounds, among the last `of`, that raise an alarm.
   */
  alarmAfter: number;
  of: number;
  falseAlarms: FalseAlarmBudget;
  projectFalseAlarms?: ProjectFalseAlarmBudget;
  /**
   * Features by whose values quality is shown; absent: none.
   */
  slices?: string[];
  fairness?: FairnessDefinition;
  /**
   * Metrics of the business, from records of a data set; absent: none.
   */
  business?: BusinessMetric[];
  /**
   * Limits of measures by name (latency-p99-ms, error-share, reproduced-share and others), besides what is usual; absent: none.
   */
  limits?: {
    [k: string]: number;
  };
}
export interface FalseAlarmBudget {
  count: number;
  /**
   * Event time in which `count` false alarms are allowed.
   */
  perMs: number;
}
/**
 * Budget of all pipelines of the project together; the smallest that one of them declares counts. Absent: each has its own alone.
 */
export interface ProjectFalseAlarmBudget {
  count: number;
  /**
   * Event time in which `count` false alarms are allowed.
   */
  perMs: number;
}
/**
 * Groups whose quality is compared; absent: none.
 */
export interface FairnessDefinition {
  /**
   * Features that make the groups.
   */
  by: string[];
  /**
   * Largest difference allowed between two groups, by metric.
   */
  largestGaps: {
    [k: string]: number;
  };
}
export interface BusinessMetric {
  name: string;
  aggregate: ("sum" | "mean" | "count");
  /**
   * Numeric column; null counts records.
   */
  column: (string | null);
  /**
   * Id of the data set that brings them.
   */
  dataSet: string;
  /**
   * Which way is bad.
   */
  bad: ("higher" | "lower" | "both");
}
export interface ReactionDefinitions {
  /**
   * While no rollout is open.
   */
  drift: ("retrain" | "shadow" | "roll-back" | "hold" | "alert");
  /**
   * While no rollout is open.
   */
  performance: ("retrain" | "shadow" | "roll-back" | "hold" | "alert");
  during?: ReactionsDuringRollout;
  /**
   * Event time after the last run at which another starts without any signal, ms. Absent: never.
   */
  everyMs?: number;
  /**
   * Event time after a run during which no signal starts another.
   */
  coolDownMs: number;
  /**
   * Matured rows that must be new before a change whose run was not better is tried again. Absent: training.minimumMaturedRows.
   */
  tryAgainAfterRows?: number;
  runs?: RunBudget;
  projectRuns?: ProjectRunBudget;
  projectRunTime?: RunTimeBudget;
  /**
   * What a usual loss of this pipeline is worth against those of others, when runs queue. Absent: 1.
   */
  weight?: number;
}
/**
 * What deployment does while a rollout is open; `performance` is about the new version. Absent: moved inputs are told, grown losses roll back, broken data pause.
 */
export interface ReactionsDuringRollout {
  shadow: ReactionsInShadow;
  canary: ReactionsInCanary;
  bake: ReactionsInBake;
}
/**
 * While the new version answers in shadow.
 */
export interface ReactionsInShadow {
  drift: ("alert" | "pause" | "roll-back");
  performance: ("alert" | "pause" | "roll-back");
  data: ("alert" | "pause" | "roll-back");
}
/**
 * While it answers a part of the traffic.
 */
export interface ReactionsInCanary {
  drift: ("alert" | "pause" | "shadow" | "roll-back");
  performance: ("alert" | "pause" | "shadow" | "roll-back");
  data: ("alert" | "pause" | "shadow" | "roll-back");
}
/**
 * While it answers all traffic and is not yet proven.
 */
export interface ReactionsInBake {
  drift: ("alert" | "pause" | "shadow" | "roll-back");
  performance: ("alert" | "pause" | "shadow" | "roll-back");
  data: ("alert" | "pause" | "shadow" | "roll-back");
}
/**
 * Runs that signals may start; absent: as many as the cool-down lets through.
 */
export interface RunBudget {
  count: number;
  /**
   * Event time.
   */
  perMs: number;
}
/**
 * Of all pipelines of the project together; the smallest that one of them, or the platform, declares counts.
 */
export interface ProjectRunBudget {
  count: number;
  /**
   * Event time.
   */
  perMs: number;
}
/**
 * Time that training commands of all pipelines of the project may take together.
 */
export interface RunTimeBudget {
  timeMs: number;
  /**
   * Event time.
   */
  perMs: number;
}
export interface ApprovalDefinition {
  firstVersion: ("automatic" | "person");
  next: ("automatic" | "person");
  /**
   * Whether the approver must be another person than the one who asked for the run or applied the pipeline.
   */
  secondPerson: boolean;
}
/**
 * Checks the part of feature-store in a pipeline, without effect
 */
export interface CheckFeatureStorePartInput {
  definition: Pipeline;
}
/**
 * Checks the part of governance in a pipeline, without effect
 */
export interface CheckGovernancePartInput {
  definition: Pipeline;
}
/**
 * Checks the part of ingestion in a pipeline, without effect
 */
export interface CheckIngestionPartInput {
  definition: Pipeline;
}
/**
 * Checks the part of monitoring in a pipeline, without effect
 */
export interface CheckMonitoringPartInput {
  definition: Pipeline;
}
/**
 * Checks the part of training in a pipeline, without effect
 */
export interface CheckTrainingPartInput {
  definition: Pipeline;
}
/**
 * Checks the part of validation in a pipeline, without effect
 */
export interface CheckValidationPartInput {
  definition: Pipeline;
}
/**
 * A signed checkpoint of the audit log. The log does not record its own checkpoints, or it would never rest.
 */
export interface CheckpointPublished {
  /**
   * Origin of the log
   */
  log: string;
  /**
   * Entries of the log
   */
  size: number;
  /**
   * Root hash, base64
   */
  rootSha256: string;
  /**
   * The signed note (C2SP checkpoint)
   */
  checkpoint: string;
}
/**
 * Summary of one column of a segment.
 */
export interface ColumnProfile {
  /**
   * Column type
   */
  type: string;
  /**
   * Values that are not null
   */
  count: number;
  /**
   * Null values
   */
  nulls: number;
  /**
   * Different values (approximate above 10,000)
   */
  distinct: number;
  /**
   * Smallest value
   */
  min?: (number | string | null);
  /**
   * Largest value
   */
  max?: (number | string | null);
  /**
   * Mean of numbers
   */
  mean?: number;
  /**
   * Standard deviation of numbers
   */
  stddev?: number;
  /**
   * Quantiles 0, .05, .25, .5, .75, .95, 1 of numbers
   */
  quantiles?: number[];
  /**
   * Most frequent values, most frequent first
   */
  top?: ValueCount[];
}
export interface ValueCount {
  /**
   * Value as text
   */
  value: string;
  /**
   * How often
   */
  count: number;
}
/**
 * A person lets a paused rollout go on
 */
export interface ContinueRolloutInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the rollout, ro-<uuid>
   */
  rollout: string;
  /**
   * Why
   */
  note: string;
}
/**
 * Makes an API token; the secret is shown this once
 */
export interface CreateTokenInput {
  /**
   * Whom the token speaks for
   */
  subject: string;
  /**
   * What it may do
   *
   * @minItems 1
   */
  roles: [Role, ...(Role)[]];
  /**
   * Project it is for; * is all
   */
  project: string;
  /**
   * When it ends; never when absent
   */
  expiresAt?: string;
}
export interface CreateTokenOutput {
  token: ApiToken;
  /**
   * Send it as Authorization: Bearer; null when the same request was made before
   */
  secret: (string | null);
}
/**
 * A data set as ingestion sees it.
 */
export interface DataSet {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Id of the pipeline that declares it
   */
  pipeline: string;
  /**
   * Version of the pipeline whose schema holds
   */
  pipelineVersion: number;
  /**
   * Records of producers, or the prediction log
   */
  kind: ("records" | "predictions");
  /**
   * Kafka topic that producers write to
   */
  topic: string;
  /**
   * Columns of a record
   */
  columns: ColumnDefinition[];
  /**
   * Newest published version; null before the first
   */
  version: (number | null);
  /**
   * Rows of the newest version
   */
  totalRows: number;
  /**
   * Largest known-at time published so far
   */
  watermark: (string | null);
  /**
   * Address of the Delta table
   */
  tableUrl: string;
  /**
   * Last offset staged per partition
   */
  offsets: PartitionOffset[];
  /**
   * Segments that await their verdict or their publication
   */
  staged: number;
  /**
   * Records in quarantine that were not sent again
   */
  quarantined: number;
}
/**
 * A position in a topic.
 */
export interface PartitionOffset {
  /**
   * Partition
   */
  partition: number;
  /**
   * Offset of the last record covered
   */
  offset: number;
}
/**
 * A published version of a data set.
 */
export interface DataSetVersion {
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Version of the Delta table
   */
  version: number;
  /**
   * Rows that it added
   */
  rows: number;
  /**
   * Rows of the whole version
   */
  totalRows: number;
  /**
   * Segments that it added
   */
  segments: string[];
  /**
   * Segments that it took out
   */
  removedSegments: string[];
  /**
   * When it was published
   */
  publishedAt: string;
}
/**
 * A new version of a data set can be read.
 */
export interface DataSetVersionPublished {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Number of the version, from 1
   */
  version: number;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Records of producers, or the prediction log
   */
  kind: ("records" | "predictions");
  /**
   * Address of the Delta table
   */
  tableUrl: string;
  /**
   * Rows that this version added
   */
  rows: number;
  /**
   * Rows of the whole version
   */
  totalRows: number;
  /**
   * Rows that this version added, by day of event time
   */
  rowsByDay: RowsOfDay[];
  /**
   * Segments that this version added
   */
  segments: PublishedSegment[];
  /**
   * Segments that a revert took out
   */
  removedSegments: string[];
  /**
   * Earliest event time that this version added
   */
  minEventTime: (string | null);
  /**
   * Latest event time that this version added
   */
  maxEventTime: (string | null);
  /**
   * Up to here the data set is known: largest known-at time published so far
   */
  watermark: (string | null);
  /**
   * Last offset published per partition
   */
  offsets: PartitionOffset[];
}
export interface RowsOfDay {
  /**
   * Day of the event time, ISO date, UTC
   */
  day: string;
  /**
   * Rows added on that day
   */
  rows: number;
}
export interface PublishedSegment {
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * Null for a segment without rows
   */
  file: (Artifact | null);
  /**
   * Rows
   */
  rows: number;
}
/**
 * A version of a data set.
 */
export interface DataSetVersionRef {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Number of the version, from 1
   */
  version: number;
}
/**
 * An event that a service gave up, and what became of it.
 */
export interface DeadLetter {
  /**
   * Id of the dead letter; it stays the same when the event fails again after a replay
   */
  id: string;
  /**
   * The service that could not handle the event
   */
  service: string;
  /**
   * Topic that the event was read from, without prefix
   */
  topic: string;
  /**
   * Partition that it was read from
   */
  partition: number;
  /**
   * Offset that it was read from
   */
  offset: number;
  /**
   * Kafka key of the event
   */
  key: (string | null);
  /**
   * Id of the event; <topic>/<partition>/<offset> for one without
   */
  eventId: string;
  /**
   * Full type of the event; empty for one without
   */
  type: string;
  /**
   * Project of the event; unknown for one without
   */
  project: string;
  /**
   * Cascade of the event
   */
  correlation: (string | null);
  /**
   * How often it was tried
   */
  attempts: number;
  because: DeadLetterReason;
  /**
   * open: it waits for somebody; replayed: it was sent back and is not handled yet; handled: a replay was; dropped: nobody needs it
   */
  state: ("open" | "replayed" | "handled" | "dropped");
  /**
   * When it failed for good, the last time
   */
  deadAt: string;
  /**
   * When it was last tried again
   */
  replayedAt: (string | null);
  /**
   * Who had it tried again
   */
  replayedBy: (string | null);
  /**
   * When a replay was handled
   */
  handledAt: (string | null);
  /**
   * When it was dropped
   */
  droppedAt: (string | null);
  /**
   * Who dropped it
   */
  droppedBy: (string | null);
  /**
   * Why it was dropped
   */
  dropReason: (string | null);
}
/**
 * Why it could not be handled.
 */
export interface DeadLetterReason {
  /**
   * Error code, see contracts/errors.yaml
   */
  code: string;
  /**
   * Kind of the error: it decided how often the event was tried
   */
  kind: string;
  /**
   * What happened, a sentence
   */
  detail: string;
  /**
   * Message of the error underneath, if there was one
   */
  cause: (string | null);
}
/**
 * A dead letter with the record as it was read.
 */
export interface DeadLetterDetail {
  letter: DeadLetter;
  /**
   * Headers of the record; empty when it was dropped
   */
  headers: {
    [k: string]: string;
  };
  /**
   * Value of the record, unchanged: as text, or in base64 when it is not UTF-8; null for a record without one and for one that was dropped
   */
  value: (string | null);
  /**
   * How the value is written here
   */
  valueEncoding: ("utf-8" | "base64");
  /**
   * Size of the value
   */
  valueBytes: number;
  /**
   * SHA-256 of the value in hex
   */
  valueSha256: string;
}
/**
 * Somebody decided that a service will never handle an event that it had given up. The actor says who. Its content is erased from the service's table.
 */
export interface DeadLetterDropped {
  /**
   * Id of the dead letter; it stays the same when the event fails again after a replay
   */
  deadLetter: string;
  /**
   * The service that could not handle the event
   */
  service: string;
  /**
   * Topic that the event was read from, without prefix
   */
  topic: string;
  /**
   * Partition that it was read from
   */
  partition: number;
  /**
   * Offset that it was read from
   */
  offset: number;
  /**
   * Kafka key of the event
   */
  key: (string | null);
  /**
   * Id of the event; <topic>/<partition>/<offset> for one without
   */
  eventId: string;
  /**
   * Full type of the event; empty for one without
   */
  type: string;
  /**
   * Why nobody needs the event any more, in the words of who dropped it
   */
  reason: string;
  because: DeadLetterReason;
  /**
   * SHA-256 of the value in hex
   */
  valueSha256: string;
}
/**
 * An event that a service gave up: everything needed to understand it, and the record as it was.
 */
export interface DeadLetterRecorded {
  /**
   * Id of the dead letter; it stays the same when the event fails again after a replay
   */
  deadLetter: string;
  /**
   * The service that could not handle the event
   */
  service: string;
  /**
   * Topic that the event was read from, without prefix
   */
  topic: string;
  /**
   * Partition that it was read from
   */
  partition: number;
  /**
   * Offset that it was read from
   */
  offset: number;
  /**
   * Kafka key of the event
   */
  key: (string | null);
  /**
   * Id of the event; <topic>/<partition>/<offset> for one without
   */
  eventId: string;
  /**
   * Full type of the event; empty for one without
   */
  type: string;
  /**
   * How often it was tried
   */
  attempts: number;
  because: DeadLetterReason;
  /**
   * Headers of the record
   */
  headers: {
    [k: string]: string;
  };
  /**
   * Value of the record, unchanged: as text, or in base64 when it is not UTF-8; null for a record without one and for one too large to be sent on
   */
  value: (string | null);
  /**
   * How the value is written here
   */
  valueEncoding: ("utf-8" | "base64");
  /**
   * Size of the value
   */
  valueBytes: number;
  /**
   * SHA-256 of the value in hex
   */
  valueSha256: string;
}
/**
 * Somebody has a service try an event again that it had given up. The actor says who.
 */
export interface DeadLetterReplayed {
  /**
   * Id of the dead letter; it stays the same when the event fails again after a replay
   */
  deadLetter: string;
  /**
   * The service that could not handle the event
   */
  service: string;
  /**
   * Topic that the event was read from, without prefix
   */
  topic: string;
  /**
   * Partition that it was read from
   */
  partition: number;
  /**
   * Offset that it was read from
   */
  offset: number;
  /**
   * Kafka key of the event
   */
  key: (string | null);
  /**
   * Id of the event; <topic>/<partition>/<offset> for one without
   */
  eventId: string;
  /**
   * Full type of the event; empty for one without
   */
  type: string;
  /**
   * Why it is tried again, in the words of who asked for it
   */
  reason: (string | null);
  /**
   * Whether the data of the event were mended for this try
   */
  mended: boolean;
  /**
   * SHA-256 of the value that is tried now, in hex
   */
  valueSha256: string;
}
/**
 * A difference between two versions of a pipeline file.
 */
export interface DefinitionChange {
  /**
   * Dotted path of the field
   */
  path: string;
  /**
   * Value before; null when absent
   */
  before: unknown;
  /**
   * Value after; null when removed
   */
  after: unknown;
  /**
   * What the change does, for people
   */
  effect?: string;
}
/**
 * Settings of deployment.
 */
export interface DeploymentSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Public half of the key that signs model versions, PEM
   */
  modelKeyFile?: string;
  /**
   * A step of a rollout that got no verdict for this long is rolled back, ms
   */
  analysisDeadlineMs: number;
}
/**
 * The bytes of an artifact
 */
export interface DownloadTrackedArtifactInput {
  /**
   * <experiment>/<run>/artifacts/<file>, slashes included
   */
  path: string;
}
/**
 * The inputs or answers of a model moved, with a diagnosis.
 */
export interface DriftDetected {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * What it looks like
   */
  diagnosis: ("data-incident" | "covariate" | "concept" | "label-shift" | "cannot-say");
  /**
   * When it began
   */
  changePoint: string;
  changeInterval?: TimeWindow;
  window: TimeWindow;
  /**
   * Columns that moved, worst first
   */
  columns: DriftedColumn[];
  estimatedLoss?: EstimatedLoss;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
export interface DriftedColumn {
  /**
   * Feature or output
   */
  column: string;
  /**
   * Distance to the reference
   */
  distance: number;
  /**
   * Largest distance of a usual window
   */
  threshold: number;
  /**
   * Part of all that lies beyond the bounds, 0 to 1; the columns add up to 1
   */
  share: number;
  /**
   * Rows of the window that the distance rests on
   */
  rows?: number;
  /**
   * Effect size: share of rows that lie elsewhere than the reference's, 0 to 1, beyond what sampling adds
   */
  shifted?: number;
  /**
   * Columns with the same number moved together in the reference: one cause
   */
  group?: number;
  /**
   * Part of the change of the mean prediction that its own shift makes, with sign
   */
  predictionShare?: number;
  /**
   * Part of the change of the mean loss that its own shift makes, with sign; absent without matured labels
   */
  errorShare?: number;
  /**
   * Constant factor between old and new values, for a scale jump
   */
  factor?: number;
}
/**
 * What a change costs while nothing is done about it. In usual losses, so that pipelines with different metrics can be compared: 1 is what one usual prediction loses.
 */
export interface EstimatedLoss {
  /**
   * Loss of one prediction above the usual one, as a part of the usual one
   */
  perPrediction: number;
  /**
   * Predictions served per day of event time
   */
  predictionsPerDay: number;
  /**
   * Both multiplied
   */
  perDay: number;
  /**
   * Losses of matured predictions; or, without any, the share of rows that moved, as if each of them lost twice as much
   */
  basis: ("measured" | "moved-inputs");
}
/**
 * Says that nobody needs the event any more; its content is erased, who and why stand in the audit log
 */
export interface DropDeadLetterInput {
  /**
   * Id of the dead letter
   */
  id: string;
  /**
   * Why nobody needs it
   */
  reason: string;
}
/**
 * Drops all open dead letters that match every given filter
 */
export interface DropDeadLettersInput {
  /**
   * Full type of the event
   */
  type?: string;
  /**
   * Kafka key of the event
   */
  key?: string;
  /**
   * Error code
   */
  code?: string;
  /**
   * Cascade of the event
   */
  correlation?: string;
  /**
   * Must be true when no filter is given
   */
  all: boolean;
  /**
   * Most letters at a time
   */
  limit: number;
  /**
   * Why nobody needs them
   */
  reason: string;
}
export interface DropDeadLettersOutput {
  /**
   * Letters that were dropped
   */
  dropped: number;
  /**
   * Open letters that match and are left
   */
  remaining: number;
}
/**
 * Several durations in short.
 */
export interface DurationSummary {
  /**
   * How many
   */
  count: number;
  /**
   * Median, ms
   */
  medianMs: (number | null);
  /**
   * Largest, ms
   */
  largestMs: (number | null);
}
/**
 * Challenger and champion were scored by the platform on the same sealed rows.
 */
export interface EvaluationCompleted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Whether a person is asked before it takes traffic; absent: no
   */
  asksAfterShadow?: boolean;
  model: Artifact;
  signature: Signature;
  /**
   * The version to beat; null for a first one
   */
  champion: (ModelVersionRef | null);
  /**
   * Results per hold-out
   */
  holdOuts: HoldOutResult[];
  parity: ParityResult;
  rowLosses: Artifact;
  /**
   * Id of the training set
   */
  trainingSet: string;
  /**
   * Rows of the training set
   */
  trainingRows: number;
  window: TimeWindow;
  /**
   * What was read
   */
  dataSetVersions: DataSetVersionRef[];
  featureView: FeatureViewRef;
  /**
   * SHA-256, lower-case hex
   */
  codeSha256: string;
  /**
   * Parameters of the training command
   */
  parameters: {
    [k: string]: string | number | boolean;
  };
  /**
   * Seed of the run
   */
  seed: number;
  /**
   * Digest of the locked environment the command ran in
   */
  environmentSha256: string;
}
/**
 * Inputs and output of a model, in the order that the model takes them.
 */
export interface Signature {
  /**
   * What the model answers
   */
  task: ("binary-classification" | "regression");
  /**
   * Inputs in order
   */
  inputs: SignatureInput[];
  /**
   * Meaning of the output
   */
  output: ("probability" | "value");
}
export interface SignatureInput {
  /**
   * Feature name
   */
  name: string;
  /**
   * Type of the tensor
   */
  type: ("double" | "string" | "long");
  /**
   * Whether a value may be absent
   */
  nullable?: boolean;
}
/**
 * A model version and the run that trained it.
 */
export interface ModelVersionRef {
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
}
/**
 * How challenger and champion did on the same sealed rows.
 */
export interface HoldOutResult {
  /**
   * Whether these are the latest rows or the pinned reference ones
   */
  kind: ("recent" | "reference");
  /**
   * Id of the hold-out
   */
  holdOut: string;
  /**
   * Rows scored
   */
  rows: number;
  window: TimeWindow;
  /**
   * One entry per block
   */
  blocks: BlockLoss[];
  metrics: HoldOutMetrics;
}
/**
 * Metrics over all rows
 */
export interface HoldOutMetrics {
  /**
   * Metrics of the challenger by name
   */
  challenger: {
    [k: string]: number;
  };
  /**
   * Null without a champion
   */
  champion: ({
      [k: string]: number;
    } | null);
}
/**
 * Whether the file that will be served answers as the trainer's own predict did.
 */
export interface ParityResult {
  /**
   * Rows compared
   */
  rows: number;
  /**
   * Largest absolute difference between the two answers
   */
  largestDifference: number;
  /**
   * Whether every difference is within the tolerance
   */
  passed: boolean;
}
/**
 * A version of a feature view. A view belongs to a pipeline; its version is the pipeline version at which its features last changed.
 */
export interface FeatureViewRef {
  /**
   * Id of the pipeline that defines the view
   */
  view: string;
  /**
   * Pipeline version at which the features last changed
   */
  version: number;
}
/**
 * Exchanges the API token of the Authorization header for a signed JWT of five minutes
 */
export interface ExchangeTokenInput {

}
export interface ExchangeTokenOutput {
  /**
   * Signed token that every service verifies
   */
  jwt: string;
  /**
   * When it ends
   */
  expiresAt: string;
  /**
   * Whom it speaks for
   */
  subject: string;
  /**
   * What it may do
   */
  roles: Role[];
  /**
   * Project it is for; * is all
   */
  project: string;
}
/**
 * Settings of the feature store.
 */
export interface FeatureStoreSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Consumer groups over which data sets are spread
   */
  lanes: number;
}
/**
 * The features of a pipeline and how far its online values are.
 */
export interface FeatureView {
  featureView: FeatureViewRef;
  /**
   * In the order of the model's inputs
   */
  features: FeatureDefinition[];
  /**
   * Data sets that feed aggregates
   */
  sources: FeatureSource[];
}
export interface FeatureSource {
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Largest known-at time folded in; null before the first record
   */
  watermark: (string | null);
  /**
   * Last offset of the data topic folded in, per partition
   */
  offsets: PartitionOffset[];
  /**
   * Rejected segments whose records are still in tiles that await their recomputation
   */
  suspectSegments: string[];
}
/**
 * Online values moved up to a watermark; at most one per second and source.
 */
export interface FeatureViewMaterialized {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  featureView: FeatureViewRef;
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Online values are complete up to here
   */
  watermark: string;
  /**
   * Last source offset folded in, per partition
   */
  offsets: PartitionOffset[];
  /**
   * Online values that changed
   */
  values: number;
}
/**
 * A file whose rows are sent to the topic of a data set.
 */
export interface FileLoad {
  /**
   * Id of the load
   */
  file: string;
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Format of the file
   */
  format: ("parquet" | "csv" | "ndjson");
  /**
   * loading goes on after a restart where it stood
   */
  state: ("waiting" | "loading" | "done" | "failed");
  /**
   * Rows sent to the topic
   */
  rowsDone: number;
  /**
   * Size of the file
   */
  sizeBytes: number;
  /**
   * Why it failed, a sentence
   */
  problem: (string | null);
  /**
   * When it was received
   */
  receivedAt: string;
}
/**
 * Lifecycle events as they happen (server-sent events; the data is the CloudEvent in JSON), of the caller's project
 */
export interface FollowEventsInput {
  /**
   * Full event types separated by commas; a trailing * stands for any ending
   */
  types?: string;
  /**
   * Only events about this pipeline
   */
  pipeline?: string;
}
/**
 * What a process of inference serves, and how old its routes and online features are.
 */
export interface Freshness {
  /**
   * Whether routes and features that stood in Kafka at the start have been read
   */
  caughtUp: boolean;
  /**
   * Time since Kafka last answered, ms; null when it never did
   */
  routesStaleMs: (number | null);
  /**
   * Feature views of which online values are held
   */
  views: ViewFreshness[];
  /**
   * Model versions on routes
   */
  models: ServedModel[];
  predictions: PredictionLogState;
}
export interface ViewFreshness {
  /**
   * Id of the view
   */
  view: string;
  /**
   * Smallest watermark of its data sets
   */
  watermark: (string | null);
  /**
   * Data sets that feed its aggregates
   */
  dataSets: DataSetFreshness[];
}
export interface DataSetFreshness {
  /**
   * Id of the data set
   */
  dataSet: string;
  partitions: PartitionFreshness[];
}
export interface PartitionFreshness {
  /**
   * Partition of its topic
   */
  partition: number;
  /**
   * Last offset of the data topic that online values hold
   */
  sourceOffset: number;
  /**
   * Largest known-at time of the partition
   */
  watermark: string;
}
export interface ServedModel {
  /**
   * Id of the pipeline
   */
  pipeline: string;
  /**
   * Version
   */
  modelVersion: number;
  /**
   * Role on the route
   */
  role: ("champion" | "challenger" | "shadow" | "predecessor");
  /**
   * Share of traffic
   */
  trafficRatio: number;
  /**
   * Revision of the route
   */
  routeRevision: number;
  /**
   * Whether it can answer
   */
  loaded: boolean;
  /**
   * Why it cannot
   */
  problem: (string | null);
}
export interface PredictionLogState {
  /**
   * Name of this process in the prediction log
   */
  process: string;
  /**
   * Records that the broker has
   */
  logged: number;
  /**
   * Records that still wait in memory
   */
  waiting: number;
  /**
   * Records of durable predictions that wait on disk
   */
  spooled: number;
  /**
   * Records that were dropped because too many waited
   */
  lost: number;
}
/**
 * The gain over the version that serves which shadow must show.
 */
export interface GainProof {
  /**
   * Probability allowed of passing a version whose gain is not above the bound, however often one looks
   */
  alpha: number;
  /**
   * Gain per row that must surely be exceeded, in units of the loss
   */
  atLeast: number;
  /**
   * Event time of a block, ms
   */
  blockMs: number;
}
/**
 * Settings of the gateway.
 */
export interface GatewaySettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * How long the token of a caller is kept at most, ms
   */
  tokenCacheMs: number;
  /**
   * Silence of a service after which a proxied request is given up, ms
   */
  requestTimeoutMs: number;
}
/**
 * The signed checkpoint (c2sp.org/tlog-checkpoint), of the whole log or of an earlier size that was published
 */
export interface GetAuditCheckpointInput {
  /**
   * Entries at the time of the checkpoint; the latest when absent
   */
  size?: number;
  /**
   * Sign one now if the log grew since the latest
   */
  fresh: boolean;
}
/**
 * The hashes that prove that between two sizes entries were only added
 */
export interface GetAuditConsistencyInput {
  /**
   * The older size
   */
  from: number;
  /**
   * The newer size
   */
  to: number;
}
export interface GetAuditConsistencyOutput {
  /**
   * The older size
   */
  from: number;
  /**
   * The newer size
   */
  to: number;
  /**
   * Hashes in base64 (RFC 6962 section 2.1.2)
   */
  proof: string[];
}
/**
 * Up to 256 entries, each with its length before it (c2sp.org/tlog-tiles), to check the whole log offline
 */
export interface GetAuditEntryBundleInput {
  /**
   * Number of the bundle
   */
  bundle: number;
  /**
   * Entries wanted
   */
  width: number;
}
/**
 * One entry with the exact bytes that are proved
 */
export interface GetAuditEntryInput {
  /**
   * Place in the log
   */
  index: number;
}
/**
 * The key that signs checkpoints, as a C2SP verifier key, and the log's origin line
 */
export interface GetAuditKeyInput {

}
export interface GetAuditKeyOutput {
  /**
   * First line of every checkpoint
   */
  origin: string;
  /**
   * name+id+key, one line: keep it apart from the log
   */
  verifierKey: string;
}
/**
 * A proof file (c2sp.org/tlog-proof@v1) that the entry is in the log, to be checked offline
 */
export interface GetAuditProofInput {
  /**
   * Place in the log
   */
  index: number;
  /**
   * Size of the published checkpoint to prove against; the latest when absent
   */
  size?: number;
}
/**
 * A tile of up to 256 hashes (c2sp.org/tlog-tiles), so that a monitor can compute any proof itself
 */
export interface GetAuditTileInput {
  /**
   * Level of the tile
   */
  level: number;
  /**
   * Number of the tile within its level
   */
  tile: number;
  /**
   * Hashes wanted
   */
  width: number;
}
/**
 * One cascade as a graph with the time of each hop
 */
export interface GetCascadeInput {
  /**
   * Correlation id of the cascade
   */
  correlation: string;
}
/**
 * The web console, one page without anything from elsewhere; it asks for a token
 */
export interface GetConsoleInput {

}
/**
 * One data set
 */
export interface GetDataSetInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
}
/**
 * One dead letter with the record as it was read
 */
export interface GetDeadLetterInput {
  /**
   * Id of the dead letter
   */
  id: string;
}
/**
 * The feature view of a pipeline and how far its online values are
 */
export interface GetFeatureViewInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
/**
 * How far the load of a file is
 */
export interface GetFileInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Id of the load
   */
  file: string;
}
/**
 * What this process serves, and how old its routes and online features are
 */
export interface GetFreshnessInput {

}
/**
 * An incident
 */
export interface GetIncidentInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the incident, inc-<uuid>
   */
  incident: string;
}
/**
 * What an incident led to, holds, runs, model versions and rollouts of every pipeline that it touches
 */
export interface GetIncidentLineageInput {
  /**
   * Project
   */
  project: string;
  /**
   * Id of the incident without its project
   */
  incident: string;
}
/**
 * The public keys (RFC 7517) with which every service's JWTs are verified
 */
export interface GetJwksInput {

}
export interface GetJwksOutput {
  keys: JsonWebKeyOfService[];
}
export interface JsonWebKeyOfService {
  [k: string]: unknown;
}
/**
 * What the loop was worth, times to detect, resolve and deploy, promised against realised gain, yield and cost of retraining
 */
export interface GetLoopKpisInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
/**
 * Open Inference Protocol, inputs and outputs of a model
 */
export interface GetModelMetadataInput {
  /**
   * <project>.<name> of the pipeline, or its name alone in the project default
   */
  model: string;
}
/**
 * Open Inference Protocol, whether a model can answer
 */
export interface GetModelReadyInput {
  /**
   * <project>.<name> of the pipeline, or its name alone in the project default
   */
  model: string;
}
export interface GetModelReadyOutput {
  name: string;
  ready: boolean;
}
/**
 * A model version with its evaluation and the reasons for its stage
 */
export interface GetModelVersionInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the version
   */
  version: number;
}
/**
 * What a model version was made of, down to the segments of data
 */
export interface GetModelVersionLineageInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the model version
   */
  version: number;
}
/**
 * A pipeline with its versions and their states
 */
export interface GetPipelineInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
/**
 * A version of a pipeline with its definition and its file
 */
export interface GetPipelineVersionInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the version
   */
  version: number;
}
/**
 * The logged prediction, the segment it lies in, and what its model version was made of
 */
export interface GetPredictionLineageInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Id that the prediction was answered with
   */
  predictionId: string;
}
/**
 * A rollout with its steps
 */
export interface GetRolloutInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the rollout, ro-<uuid>
   */
  rollout: string;
}
/**
 * The present route of a pipeline
 */
export interface GetRouteInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
/**
 * One run
 */
export interface GetRunInput {
  /**
   * Project
   */
  project: string;
  /**
   * Id of the run without its project
   */
  run: string;
}
/**
 * The incident that asked for a run, and the model version and rollout that it led to
 */
export interface GetRunLineageInput {
  /**
   * Project
   */
  project: string;
  /**
   * Id of the run without its project
   */
  run: string;
}
/**
 * Open Inference Protocol, whether the server lives
 */
export interface GetServerLiveInput {

}
export interface GetServerLiveOutput {
  live: boolean;
}
/**
 * Open Inference Protocol, server metadata
 */
export interface GetServerMetadataInput {

}
export interface GetServerMetadataOutput {
  /**
   * Name of the server
   */
  name: string;
  /**
   * Version of the server
   */
  version: string;
  /**
   * Extensions of the protocol
   */
  extensions: string[];
}
/**
 * Open Inference Protocol, whether every model of the routes is loaded
 */
export interface GetServerReadyInput {

}
export interface GetServerReadyOutput {
  ready: boolean;
}
/**
 * What MLflow 3 clients ask before they download artifacts
 */
export interface GetTrackingServerInfoInput {

}
/**
 * Settings of governance.
 */
export interface GovernanceSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Ed25519 private key that signs checkpoints, PKCS8 PEM
   */
  logKeyFile: string;
  /**
   * Origin line of the audit log
   */
  logOrigin: string;
  /**
   * File with the generated API token of the administrator; taken in at each start
   */
  adminTokenFile?: string;
  /**
   * Time between checkpoints while the log grows, ms
   */
  checkpointIntervalMs: number;
  /**
   * Time a step of a cascade may take before it is reported as stalled, ms; a training command may take its own time-out on top
   */
  stepTimeMs: number;
  /**
   * Life of the JWT that an API token is exchanged for, ms
   */
  tokenLifeMs: number;
}
/**
 * A data incident during which a pipeline does not train.
 */
export interface Hold {
  /**
   * Id, <project>/hold-<uuid>
   */
  hold: string;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Incident that monitoring opened
   */
  incident: string;
  /**
   * Whether it holds
   */
  state: ("open" | "lifted");
  /**
   * Processing time
   */
  placedAt: string;
  /**
   * Processing time; null while open
   */
  liftedAt?: (string | null);
  /**
   * Event time that later training sets leave out
   */
  excluded?: (TimeWindow | null);
  /**
   * What monitoring saw
   */
  because: Finding[];
}
/**
 * Training may go on.
 */
export interface HoldLifted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the hold
   */
  hold: string;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * Event time that later training sets leave out
   */
  excluded: (TimeWindow | null);
}
/**
 * Training is held: the data look broken.
 */
export interface HoldPlaced {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the hold
   */
  hold: string;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Something that monitoring found, from its first window out of bounds to the last. One change of a data set is one incident, however many pipelines see it.
 */
export interface Incident {
  /**
   * Id, <project>/inc-<uuid>
   */
  incident: string;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version that answered when it was found
   */
  modelVersion: number;
  /**
   * Whether data broke, inputs and answers moved, losses grew or labels broke; or, which only alerts, losses are expected to have grown, something watched besides is out of bounds, or groups fare differently
   */
  kind: ("data" | "drift" | "performance" | "labels" | "estimate" | "measure" | "fairness");
  /**
   * What it looks like
   */
  diagnosis: ("data-incident" | "covariate" | "concept" | "label-shift" | "cannot-say");
  /**
   * Whether it lasts
   */
  state: ("raised" | "resolved");
  /**
   * Event time of its first window
   */
  changePoint: string;
  /**
   * Between when and when it began, with confidence 95 %; null where only the change point is known
   */
  changeInterval?: (TimeWindow | null);
  /**
   * Event time at which it ended; null while it lasts
   */
  resolvedAt: (string | null);
  /**
   * Id of its alert; incidents of one cause share it
   */
  alert: string;
  attention?: Attention;
  /**
   * Columns that moved, largest share first
   */
  columns: IncidentColumn[];
  /**
   * Where losses grew most, worst first; empty unless losses grew
   */
  segments?: LossSegment[];
  /**
   * Predictions that show it, by column
   */
  examples?: IncidentExample[];
  /**
   * What moved: <data set>.<column>, or <data set>.* for a source as a whole; empty for what is the pipeline's own
   */
  sources?: string[];
  /**
   * Every pipeline that sees the change, this one among them, the first first
   */
  affected?: AffectedPipeline[];
  /**
   * What was looked at
   */
  because: Finding[];
}
export interface IncidentColumn {
  /**
   * Feature, or score
   */
  column: string;
  /**
   * Distance from the reference
   */
  distance: number;
  /**
   * Largest distance in bounds
   */
  threshold: number;
  /**
   * Part of all that lies beyond the bounds, 0 to 1
   */
  share: number;
  /**
   * Rows of the window that the distance rests on
   */
  rows?: number;
  /**
   * Effect size: share of rows that lie elsewhere than the reference's, 0 to 1, beyond what sampling adds
   */
  shifted?: number;
  /**
   * Columns with the same number moved together in the reference: one cause
   */
  group?: number;
  /**
   * Part of the change of the mean prediction that its own shift makes, with sign
   */
  predictionShare?: number;
  /**
   * Part of the change of the mean loss that its own shift makes, with sign; absent without matured labels
   */
  errorShare?: number;
  /**
   * What the values were multiplied by, for a unit jump
   */
  factor?: number;
}
/**
 * A part of the predictions, by one column, whose losses grew.
 */
export interface LossSegment {
  /**
   * Feature
   */
  column: string;
  /**
   * What lies in it: a category, a range, missing
   */
  values: string;
  /**
   * Predictions with a matured label
   */
  rows: number;
  /**
   * Mean loss since the change
   */
  meanLoss: number;
  /**
   * Mean loss before
   */
  usualMeanLoss: number;
  /**
   * Part of the growth of the mean loss that falls into it; the parts of one column add up to 1
   */
  share: number;
}
export interface IncidentExample {
  /**
   * Feature
   */
  column: string;
  /**
   * What came instead of the usual: a category, a range, missing
   */
  values: string;
  /**
   * Id of one of the predictions
   */
  predictionId: string;
}
export interface AffectedPipeline {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version that answered when it was found
   */
  modelVersion: number;
  /**
   * Whether it lasts there
   */
  state: ("raised" | "resolved");
  /**
   * Event time of its first window there
   */
  changePoint: string;
  /**
   * Event time at which it ended there; null while it lasts
   */
  resolvedAt: (string | null);
  /**
   * Id of the alert that told of it
   */
  alert: string;
}
/**
 * Open Inference Protocol, predictions; inputs are columns of the predicted data set, shape [n] or [n, 1]
 */
export interface InferInput {
  /**
   * <project>.<name> of the pipeline, or its name alone in the project default
   */
  model: string;
  /**
   * Given back, and kept in the prediction log
   */
  id?: string;
  /**
   * Not used
   */
  parameters?: {
    [k: string]: unknown;
  };
  /**
   * One per column
   *
   * @minItems 1
   */
  inputs: [Tensor, ...(Tensor)[]];
  /**
   * Outputs wanted; default all
   */
  outputs?: {
    name: string;
    parameters?: {
      [k: string]: unknown;
    };
  }[];
}
/**
 * A tensor of the Open Inference Protocol.
 */
export interface Tensor {
  /**
   * Name
   */
  name: string;
  /**
   * [n] or [n, 1]
   */
  shape: number[];
  /**
   * Type of the elements; texts and ISO 8601 times are BYTES
   */
  datatype: ("BOOL" | "INT8" | "INT16" | "INT32" | "INT64" | "UINT8" | "UINT16" | "UINT32" | "UINT64" | "FP32" | "FP64" | "BYTES");
  /**
   * Not used
   */
  parameters?: {
    [k: string]: unknown;
  };
  /**
   * Elements, flat or nested; null is an absent value of an optional column
   */
  data: (number | string | boolean | null | unknown[])[];
}
/**
 * A request of the Open Inference Protocol.
 */
export interface InferRequest {
  /**
   * Given back, and kept in the prediction log
   */
  id?: string;
  /**
   * Not used
   */
  parameters?: {
    [k: string]: unknown;
  };
  /**
   * One per column
   *
   * @minItems 1
   */
  inputs: [Tensor, ...(Tensor)[]];
  /**
   * Outputs wanted; default all
   */
  outputs?: {
    name: string;
    parameters?: {
      [k: string]: unknown;
    };
  }[];
}
/**
 * An answer of the Open Inference Protocol. `score` is the probability or value, `model_version` who answered each row, `prediction_id` the row's id in the prediction log.
 */
export interface InferResponse {
  /**
   * Name of the model
   */
  model_name: string;
  /**
   * Version of the champion
   */
  model_version: string;
  /**
   * Id of the request
   */
  id?: string;
  parameters: InferResponseParameters;
  /**
   * score (FP64), model_version (INT64), prediction_id (BYTES)
   */
  outputs: Tensor[];
}
export interface InferResponseParameters {
  /**
   * Route that was followed
   */
  route_revision: number;
  /**
   * Feature view of the champion
   */
  feature_view_version: number;
  /**
   * Online values were complete up to here; null when the features need none
   */
  feature_watermark: (string | null);
  /**
   * Time since Kafka last answered, ms: routes and online features are no newer; null when it never did
   */
  stale_ms: (number | null);
}
/**
 * Settings of inference.
 */
export interface InferenceSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Public half of the key that signs model versions, PEM
   */
  modelKeyFile: string;
  /**
   * Directory that keeps the last routes, models and features over a restart
   */
  stateDir?: string;
}
/**
 * Sends records to the topic of a data set; they are checked behind it, and bad ones go to quarantine
 */
export interface IngestRecordsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Records
   *
   * @minItems 1
   * @maxItems 5000
   */
  records: [{
      [k: string]: unknown;
    }, ...({
        [k: string]: unknown;
    })[]];
}
export interface IngestRecordsOutput {
  /**
   * Records sent
   */
  records: number;
  /**
   * Offset of the first record written per partition
   */
  partitions: PartitionOffset[];
}
/**
 * Settings of ingestion.
 */
export interface IngestionSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * A segment is closed this long after its last record, ms
   */
  segmentLagMs: number;
  /**
   * A segment is closed this long after its first record at the latest, ms
   */
  segmentAgeMs: number;
  /**
   * A segment is closed at this many rows
   */
  segmentRows: number;
  /**
   * A segment is closed at about this many bytes of memory
   */
  segmentBytes: number;
  /**
   * Largest record that is accepted, bytes; larger ones go to quarantine
   */
  recordBytes: number;
  /**
   * Memory that records of all data sets may take before they are staged, MiB; then reading waits
   */
  heldMegabytes: number;
  /**
   * Memory for writing segments and reading files, MiB
   */
  duckDbMegabytes: number;
  /**
   * Consumer groups over which data sets are spread
   */
  lanes: number;
}
/**
 * One thing wrong with an input.
 */
export interface InputFlaw {
  /**
   * JSON pointer, or dotted path in a file
   */
  path: string;
  /**
   * What is wrong
   */
  message: string;
  /**
   * Kind of the flaw, stable, for programs
   */
  code?: string;
  /**
   * Column in the file, from 1
   */
  column?: number;
  /**
   * Line in the file, from 1, when the input was a file
   */
  line?: number;
}
/**
 * What something was made of, down to the segments of data, each step with its place in the audit log.
 */
export interface Lineage {
  /**
   * Id of the node that was asked for.
   */
  of: string;
  nodes: LineageNode[];
  edges: LineageEdge[];
}
/**
 * A thing that was made.
 */
export interface LineageNode {
  /**
   * `<kind>:<id>`.
   */
  id: string;
  /**
   * What it is.
   */
  kind: ("prediction" | "model-version" | "evaluation" | "run" | "training-set" | "feature-view" | "data-set-version" | "segment" | "code" | "pipeline-version" | "incident" | "hold" | "rollout");
  /**
   * Name for a reader.
   */
  label: string;
  /**
   * Digest of its content, when it has one.
   */
  sha256: (string | null);
  /**
   * When it was made.
   */
  time: (string | null);
  /**
   * Place in the audit log of the event that says so.
   */
  index: (number | null);
  /**
   * What the event says of it.
   */
  facts: {
    [k: string]: string | number | boolean | null;
  };
}
/**
 * One thing was made of another.
 */
export interface LineageEdge {
  /**
   * Id of what was made.
   */
  from: string;
  /**
   * Id of what it was made of.
   */
  to: string;
}
/**
 * Entries of the audit log that match every given filter, oldest first
 */
export interface ListAuditEntriesInput {
  /**
   * Id of a pipeline
   */
  pipeline?: string;
  /**
   * A version of the pipeline's model
   */
  modelVersion?: number;
  /**
   * Id of a data set
   */
  dataSet?: string;
  /**
   * Id of a run
   */
  run?: string;
  /**
   * Who caused it, such as user:anna
   */
  actor?: string;
  /**
   * Cascade
   */
  correlation?: string;
  /**
   * Full event type
   */
  type?: string;
  /**
   * Project
   */
  project?: string;
  /**
   * Earliest time of the event
   */
  from?: string;
  /**
   * Times before this one
   */
  to?: string;
  /**
   * Go on behind this place in the log
   */
  after?: number;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListAuditEntriesOutput {
  entries: AuditRecord[];
  /**
   * Value of `after` for the next page; null at the end
   */
  next: (number | null);
}
/**
 * Cascades, the latest first
 */
export interface ListCascadesInput {
  /**
   * Id of a pipeline
   */
  pipeline?: string;
  /**
   * Only those in this state
   */
  state?: ("moving" | "resting" | "stalled");
  /**
   * decisions: cascades in which something was decided; data: those that only moved data on; both when absent
   */
  kind?: ("decisions" | "data");
  /**
   * Only those with an event of this full type
   */
  contains?: string;
  /**
   * Started before this time
   */
  before?: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListCascadesOutput {
  cascades: CascadeSummary[];
}
/**
 * Losses of the versions that answered the same requests, by pairs, latest first
 */
export interface ListComparisonsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
export interface ListComparisonsOutput {
  comparisons: VersionComparison[];
}
/**
 * Losses of two versions on the very same matured requests: one answered, the other in shadow.
 */
export interface VersionComparison {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * The later version
   */
  modelVersion: number;
  /**
   * The version it is compared with
   */
  otherModelVersion: number;
  /**
   * Loss per row
   */
  metric: string;
  /**
   * Requests that both answered and whose label matured
   */
  rows: number;
  /**
   * Mean loss of the later version
   */
  meanLoss: (number | null);
  /**
   * Mean loss of the other version
   */
  otherMeanLoss: (number | null);
  /**
   * Loss saved per row
   */
  gain: (number | null);
  /**
   * One-sided 95 % bound of the gain, by t over days; null with a single day
   */
  lowerBound: (number | null);
  /**
   * The other one-sided 95 % bound
   */
  upperBound: (number | null);
  /**
   * Mean losses by day
   */
  blocks: BlockLoss[];
}
/**
 * Published versions of a data set, newest first
 */
export interface ListDataSetVersionsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListDataSetVersionsOutput {
  versions: DataSetVersion[];
}
/**
 * All data sets, by id
 */
export interface ListDataSetsInput {

}
export interface ListDataSetsOutput {
  dataSets: DataSet[];
}
/**
 * Events that the service gave up and that match every given filter, newest first
 */
export interface ListDeadLettersInput {
  /**
   * Full type of the event
   */
  type?: string;
  /**
   * Kafka key of the event
   */
  key?: string;
  /**
   * Error code
   */
  code?: string;
  /**
   * Id of the event
   */
  eventId?: string;
  /**
   * Cascade of the event
   */
  correlation?: string;
  /**
   * Only those in this state
   */
  state: ("open" | "replayed" | "handled" | "dropped" | "any");
  /**
   * Go on behind the letter with this id
   */
  before?: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListDeadLettersOutput {
  deadLetters: DeadLetter[];
  /**
   * Value of `before` for the next page; null at the end
   */
  next: (string | null);
}
/**
 * Files received for a data set, newest first
 */
export interface ListFilesInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListFilesOutput {
  files: FileLoad[];
}
/**
 * Holds of a pipeline, newest first
 */
export interface ListHoldsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
}
export interface ListHoldsOutput {
  holds: Hold[];
}
/**
 * Incidents, latest first
 */
export interface ListIncidentsInput {
  /**
   * Id of the pipeline
   */
  pipeline?: string;
  /**
   * Only those in this state
   */
  state?: ("raised" | "resolved");
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListIncidentsOutput {
  incidents: Incident[];
}
/**
 * Model versions, latest first
 */
export interface ListModelVersionsInput {
  /**
   * Id of the pipeline
   */
  pipeline?: string;
  /**
   * Stage wanted
   */
  stage?: ("awaiting-approval" | "approved" | "rejected" | "retired" | "withdrawn");
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListModelVersionsOutput {
  modelVersions: ModelVersionSummary[];
}
/**
 * A model version in a list.
 */
export interface ModelVersionSummary {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Where the version stands
   */
  stage: ("awaiting-approval" | "approved" | "rejected" | "retired" | "withdrawn");
  /**
   * Roles that it has now
   */
  aliases: ("champion" | "challenger")[];
  /**
   * Version of the pipeline, from 1
   */
  pipelineVersion: number;
  /**
   * Why it was rejected; null otherwise
   */
  verdict: (("not-better" | "cannot-say" | "gate-failed" | "person" | "cancelled") | null);
  /**
   * Who approved or rejected it; null while it waits
   */
  decidedBy: (string | null);
  /**
   * When it was registered
   */
  registeredAt: string;
  /**
   * When it was decided; null while it waits
   */
  decidedAt: (string | null);
}
/**
 * Events that the service will try again by itself, in the order in which they came
 */
export interface ListParkedEventsInput {
  /**
   * Full type of the event
   */
  type?: string;
  /**
   * Kafka key of the event
   */
  key?: string;
  /**
   * Error code
   */
  code?: string;
  /**
   * Id of the event
   */
  eventId?: string;
  /**
   * Cascade of the event
   */
  correlation?: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListParkedEventsOutput {
  parkedEvents: ParkedEvent[];
}
/**
 * An event that a service will try again by itself.
 */
export interface ParkedEvent {
  /**
   * The service that could not handle the event
   */
  service: string;
  /**
   * Topic that the event was read from, without prefix
   */
  topic: string;
  /**
   * Partition that it was read from
   */
  partition: number;
  /**
   * Offset that it was read from
   */
  offset: number;
  /**
   * Kafka key of the event
   */
  key: (string | null);
  /**
   * Id of the event; <topic>/<partition>/<offset> for one without
   */
  eventId: string;
  /**
   * Full type of the event; empty for one without
   */
  type: string;
  /**
   * Project of the event; unknown for one without
   */
  project: string;
  /**
   * Cascade of the event
   */
  correlation: (string | null);
  /**
   * How often it was tried; 0 for one that waits behind another of its key
   */
  attempts: number;
  /**
   * Why the last try failed; null for one that waits behind another of its key
   */
  because: (DeadLetterReason | null);
  /**
   * Whether an earlier event of its key must be settled first
   */
  waitsBehind: boolean;
  /**
   * When it was set aside
   */
  parkedAt: string;
  /**
   * When it is tried again, at the earliest
   */
  nextAttemptAt: string;
}
/**
 * Quality of each model version by window, with slices, groups, estimates and what is watched besides, latest first
 */
export interface ListPerformanceInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Only this version
   */
  modelVersion?: number;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListPerformanceOutput {
  windows: PerformanceWindow[];
}
/**
 * How the predictions of one model version turned out in one window, as far as outcomes are known.
 */
export interface PerformanceWindow {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version that predicted, served or in shadow
   */
  modelVersion: number;
  window: TimeWindow;
  /**
   * Outcomes are known up to here; null while no label is
   */
  knownUntil: (string | null);
  /**
   * provisional: some outcomes are not due yet, so that it may still change and neither ends nor passes anything
   */
  quality: ("measured" | "provisional" | "cannot-say");
  labels: LabelsOfWindow;
  /**
   * Over all rows with an outcome
   */
  metrics: MetricOfWindow[];
  /**
   * The same by slice
   */
  slices: PerformanceSlice[];
  /**
   * What quality is expected to be without labels; null where the reference does not allow one
   */
  estimate: (PerformanceEstimate | null);
  /**
   * What is watched besides: serving, data quality, skew, freshness, concept, business
   */
  measures: MeasureOfWindow[];
  /**
   * Largest gaps between groups
   */
  fairness: FairnessOfWindow[];
  /**
   * What was looked at
   */
  because: Finding[];
}
export interface LabelsOfWindow {
  /**
   * Predictions of the version in the window
   */
  predictions: number;
  /**
   * With an outcome
   */
  labelled: number;
  /**
   * Without one, not due yet
   */
  waiting: number;
  /**
   * Share still waiting
   */
  waitingShare: number;
  /**
   * Without one, and overdue: never negative
   */
  missing: number;
  /**
   * Null or infinite outcomes only
   */
  unusable: number;
  /**
   * First known after maturesAfter; they count
   */
  late: number;
  /**
   * Told several times alike; counted once
   */
  duplicate: number;
  /**
   * Told several times differently; the one known last counts
   */
  contradicting: number;
  /**
   * Known before the time for which it was predicted; they do not count
   */
  beforePrediction: number;
  /**
   * By a key that was asked for several times, without its time; they do not count
   */
  ambiguous: number;
}
/**
 * A metric of quality with its confidence interval over blocks of time.
 */
export interface MetricOfWindow {
  /**
   * Name, such as log-loss or roc-auc
   */
  metric: string;
  /**
   * Null where the rows do not define it
   */
  value: (number | null);
  /**
   * Lower end of the 95 % interval
   */
  lower: (number | null);
  /**
   * Upper end
   */
  upper: (number | null);
  /**
   * Blocks that it rests on
   */
  blocks: number;
  /**
   * Labelled predictions that it rests on
   */
  rows: number;
  /**
   * Why value or interval is missing
   */
  because: (string | null);
}
export interface PerformanceSlice {
  /**
   * Feature
   */
  column: string;
  /**
   * Category, or interval
   */
  slice: string;
  /**
   * Predictions in the slice
   */
  predictions: number;
  /**
   * Of these with an outcome
   */
  labelled: number;
  /**
   * As for the window
   */
  quality: ("measured" | "provisional" | "cannot-say");
  /**
   * Over the slice
   */
  metrics: MetricOfWindow[];
}
export interface PerformanceEstimate {
  /**
   * Confidence-based, or by a model of the losses
   */
  method: ("cbpe" | "dle");
  /**
   * Predictions it rests on
   */
  rows: number;
  /**
   * Expected mean loss, in units of the pipeline's metric
   */
  meanLoss: (number | null);
  /**
   * What it leads to; an estimate ends and passes nothing
   */
  action: ("alert" | "wait-for-labels" | "ask-a-person" | "cannot-say");
  /**
   * Largest estimate of a usual window
   */
  bound: (number | null);
  /**
   * Expected metrics by name
   */
  metrics: {
    [k: string]: number;
  };
}
export interface MeasureOfWindow {
  /**
   * Such as latency-p99-ms
   */
  name: string;
  /**
   * What it speaks of
   */
  kind: ("serving" | "data-quality" | "business" | "calibration" | "concept");
  /**
   * Null where the window does not tell
   */
  value: (number | null);
  /**
   * Rows it rests on
   */
  rows: number;
  /**
   * Against its limit and its usual windows
   */
  verdict: ("in-bounds" | "out-of-bounds" | "cannot-say");
  finding: Finding;
}
export interface FairnessOfWindow {
  /**
   * Feature that makes the groups
   */
  column: string;
  /**
   * Metric compared
   */
  metric: string;
  /**
   * Largest difference between two groups
   */
  gap: (number | null);
  /**
   * Lower confidence bound of it
   */
  surely: (number | null);
  /**
   * Group with the largest value
   */
  highest: (string | null);
  /**
   * Group with the smallest value
   */
  lowest: (string | null);
  /**
   * Against the largest gap that the pipeline allows
   */
  verdict: ("in-bounds" | "out-of-bounds" | "cannot-say");
}
/**
 * All pipelines
 */
export interface ListPipelinesInput {

}
export interface ListPipelinesOutput {
  pipelines: PipelineSummary[];
}
/**
 * A pipeline in a list.
 */
export interface PipelineSummary {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * As in the file
   */
  description: string;
  /**
   * Active version; null before the first became active
   */
  activeVersion: (number | null);
  /**
   * Version of the pipeline, from 1
   */
  latestVersion: number;
  /**
   * Where the version stands
   */
  state: ("pending" | "active" | "refused" | "superseded");
  /**
   * Model version that serves; null without
   */
  champion: (number | null);
  /**
   * Model version that is being rolled out; null without
   */
  challenger: (number | null);
}
/**
 * Records in quarantine, newest first
 */
export interface ListQuarantineInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
  /**
   * Only this reason
   */
  code?: string;
  /**
   * Go on below this number
   */
  before?: number;
  /**
   * Also those that were sent again
   */
  replayed: boolean;
}
export interface ListQuarantineOutput {
  records: QuarantinedRecord[];
  /**
   * Value of before for the next page; null at the end
   */
  next: (number | null);
}
/**
 * A record that was set aside, with the reason.
 */
export interface QuarantinedRecord {
  /**
   * Number in the quarantine
   */
  id: number;
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Segment whose offsets cover the record
   */
  segment: string;
  /**
   * Partition
   */
  partition: number;
  /**
   * Offset
   */
  offset: number;
  /**
   * Kafka key
   */
  key: (string | null);
  /**
   * Reason: empty-record, record-too-large, cloudevents-batch, unsupported-specversion, unsupported-content-type, invalid-envelope, invalid-json, not-an-object, missing-key, key-mismatch, unknown-field, missing-column, wrong-type, number-too-large, zero-character, out-of-range, not-allowed, pattern-mismatch, in-the-future
   */
  code: string;
  /**
   * What was wrong, a sentence
   */
  detail: string;
  /**
   * The record as text, its first 64 KiB
   */
  value: string;
  /**
   * Whether the value was longer; such a record cannot be sent again from here
   */
  isCut: boolean;
  /**
   * Size of the value
   */
  sizeBytes: number;
  /**
   * When it was set aside
   */
  quarantinedAt: string;
  /**
   * When it was sent again
   */
  replayedAt: (string | null);
}
/**
 * Runs that wait for their turn, the next one first, and what they wait for
 */
export interface ListQueuedRunsInput {

}
export interface ListQueuedRunsOutput {
  /**
   * Runs between request and evaluation now
   */
  underWay: number;
  /**
   * Most of them at the same time
   */
  runsUnderWay: number;
  queued: QueuedRun[];
}
/**
 * A run that waits for its turn.
 */
export interface QueuedRun {
  /**
   * Id, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * Incident that asked; null without
   */
  incident: (string | null);
  /**
   * Place in the queue, from 1
   */
  position: number;
  /**
   * What a day of waiting costs, in usual losses times the pipeline's weight; 0 when nobody knows
   */
  estimatedLossPerDay: number;
  /**
   * Since when it waits, processing time
   */
  wantedAt: string;
  /**
   * What keeps it waiting
   */
  because: Finding[];
}
/**
 * Rollouts, latest first
 */
export interface ListRolloutsInput {
  /**
   * Id of the pipeline
   */
  pipeline?: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListRolloutsOutput {
  rollouts: Rollout[];
}
/**
 * A model version on its way to replace the one before.
 */
export interface Rollout {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * The version that serves or served before; null for a first one
   */
  previous: (ModelVersionRef | null);
  /**
   * Where it stands
   */
  state: ("waiting" | "shadow" | "canary" | "bake" | "completed" | "rolled-back" | "superseded");
  /**
   * Number of the step; 0 before the first
   */
  step: number;
  /**
   * Share of traffic of the new version
   */
  trafficRatio: number;
  /**
   * Whether an incident, or a person who is asked, holds it
   */
  paused: boolean;
  plan: RolloutPlan;
  /**
   * Steps so far, first to last
   */
  steps: RolloutStepRecord[];
  /**
   * Why it ended as it did; empty while open
   */
  because: Finding[];
  /**
   * When the version was approved for rollout
   */
  createdAt: string;
  /**
   * When it ended; null while open
   */
  endedAt: (string | null);
}
/**
 * The phases of a rollout.
 */
export interface RolloutPlan {
  /**
   * Labelled predictions that shadow is judged on; 0 leaves it out
   */
  shadowPredictions: number;
  /**
   * Mean loss that the new version may lose in shadow
   */
  shadowMargin: number;
  proof?: GainProof;
  /**
   * Canary steps in order
   */
  canary: PlannedStep[];
  /**
   * Whether a person is asked after a shadow that went well; absent: no
   */
  asksAfterShadow?: boolean;
  /**
   * Event time of the end of what the new version was trained on; absent: not known
   */
  learnedTo?: string;
  /**
   * Event time at full traffic before it counts as done, ms
   */
  bakeMs: number;
  /**
   * Predictions that the predecessor answers in shadow after promotion
   */
  shadowPredecessor: number;
}
export interface PlannedStep {
  /**
   * Share of traffic
   */
  trafficRatio: number;
  /**
   * Predictions that the step is judged on
   */
  predictions: number;
}
/**
 * A step that a rollout took.
 */
export interface RolloutStepRecord {
  /**
   * Phase
   */
  phase: ("shadow" | "canary" | "bake");
  /**
   * Number of the step
   */
  step: number;
  /**
   * Share of traffic of the new version
   */
  trafficRatio: number;
  /**
   * When it was entered
   */
  enteredAt: string;
  /**
   * Verdict of its analysis; null while it is awaited
   */
  verdict: (("pass" | "fail" | "inconclusive") | null);
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * The present route of every pipeline
 */
export interface ListRoutesInput {

}
export interface ListRoutesOutput {
  routes: Route[];
}
/**
 * Where requests of a pipeline go.
 */
export interface Route {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the route; 0 before the first
   */
  revision: number;
  /**
   * Model versions on the route
   */
  targets: Target[];
}
/**
 * A model version on a route.
 */
export interface Target {
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * champion answers; challenger answers its share; shadow and predecessor are scored and logged only
   */
  role: ("champion" | "challenger" | "shadow" | "predecessor");
  /**
   * Share of requests it answers, 0 to 1
   */
  trafficRatio: number;
  model: Artifact;
  signed: SignedModel;
  serving: ServingSpec;
}
/**
 * Signature of the registry over a model version: Ed25519 over the RFC 8785 form of { pipeline, modelVersion, sha256, sizeBytes }.
 */
export interface SignedModel {
  /**
   * Name of the signing key
   */
  keyId: string;
  /**
   * Ed25519 signature, base64
   */
  signature: string;
}
/**
 * All that is needed to serve a model version: what callers send, how features come from it, what the model takes.
 */
export interface ServingSpec {
  /**
   * Column that names the entity
   */
  keyColumn: string;
  /**
   * Column with the event time
   */
  eventTimeColumn: string;
  /**
   * Columns that a caller sends
   */
  columns: ServingColumn[];
  /**
   * Features in the order of the inputs of the model
   */
  features: FeatureDefinition[];
  signature: Signature;
  featureView: FeatureViewRef;
  /**
   * durable answers after the broker has the prediction; best-effort (where absent) may lose what a killed process held
   */
  logging?: ("best-effort" | "durable");
}
export interface ServingColumn {
  /**
   * Column name
   */
  name: string;
  /**
   * Column type
   */
  type: ("string" | "double" | "long" | "boolean" | "timestamp");
  /**
   * Whether a caller may leave it out
   */
  optional: boolean;
}
/**
 * Runs of a pipeline, newest first
 */
export interface ListRunsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Most runs to list
   */
  limit: number;
}
export interface ListRunsOutput {
  runs: TrainingRun[];
}
/**
 * One try to train a better model, from its trigger to the registry's verdict.
 */
export interface TrainingRun {
  /**
   * Id, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline under which it runs
   */
  pipelineVersion: number;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * How far it is
   */
  state: ("waiting-for-turn" | "waiting-for-training-set" | "queued" | "running" | "trained" | "evaluated" | "approved" | "rejected" | "failed" | "cancelled");
  /**
   * Incident that asked; null without
   */
  incident?: (string | null);
  /**
   * What a day of waiting costs, in usual losses times the pipeline's weight; 0 when nobody knows
   */
  estimatedLossPerDay?: number;
  /**
   * Times the command was started
   */
  attempt: number;
  /**
   * When it was requested, processing time
   */
  requestedAt: string;
  /**
   * Id of the training set; null before it exists
   */
  trainingSet?: (string | null);
  /**
   * Rows trained on
   */
  trainingRows?: (number | null);
  /**
   * The model file; null before it exists
   */
  model?: (Artifact | null);
  /**
   * Last value of each metric as the code logged it; never judged
   */
  metrics?: {
    [k: string]: number;
  };
  /**
   * What the platform measured on sealed rows
   */
  holdOuts?: HoldOutResult[];
  /**
   * Why it is in this state
   */
  because: Finding[];
}
/**
 * Verdicts over segments with their profiles, newest first
 */
export interface ListSegmentVerdictsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListSegmentVerdictsOutput {
  verdicts: SegmentVerdict[];
}
/**
 * What validation found in a segment.
 */
export interface SegmentVerdict {
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * Whether it may be published
   */
  accepted: boolean;
  /**
   * Checks that were made
   */
  checks: Finding[];
  profile: Profile;
  /**
   * When
   */
  judgedAt: string;
}
/**
 * Summary of a segment.
 */
export interface Profile {
  /**
   * Rows
   */
  rows: number;
  /**
   * Profile by column name
   */
  columns: {
    [k: string]: ColumnProfile;
  };
}
/**
 * Segments of a data set, newest first
 */
export interface ListSegmentsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListSegmentsOutput {
  segments: Segment[];
}
/**
 * A stretch of one partition of a data set's topic.
 */
export interface Segment {
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * Partition
   */
  partition: number;
  /**
   * First offset
   */
  fromOffset: number;
  /**
   * Last offset, inside
   */
  toOffset: number;
  /**
   * Rows in the file
   */
  rows: number;
  /**
   * Records of the stretch that were set aside
   */
  quarantined: number;
  /**
   * passed: without rows, so that nothing was published
   */
  state: ("staged" | "accepted" | "rejected" | "published" | "passed" | "reverted");
  /**
   * Version of the data set that brought it
   */
  version: (number | null);
  /**
   * Parquet file; null without rows
   */
  file: (Artifact | null);
  /**
   * Findings of a rejection
   */
  because: Finding[];
  /**
   * When it was written
   */
  stagedAt: string;
}
/**
 * All API tokens, without their secrets
 */
export interface ListTokensInput {

}
export interface ListTokensOutput {
  tokens: ApiToken[];
}
/**
 * Topics that this process of the service works with, as declared, and where the broker has them otherwise; nothing is altered
 */
export interface ListTopicsInput {

}
export interface ListTopicsOutput {
  topics: DeclaredTopic[];
}
export interface DeclaredTopic {
  /**
   * Name without the platform's prefix
   */
  topic: string;
  /**
   * Partitions as declared
   */
  partitions: number;
  /**
   * Kafka's settings as declared
   */
  config: {
    [k: string]: string;
  };
  differences: TopicDifference[];
}
export interface TopicDifference {
  /**
   * The word partitions or the name of a Kafka setting
   */
  setting: string;
  /**
   * Value declared
   */
  declared: string;
  /**
   * Value on the broker
   */
  found: string;
}
/**
 * Files and folders below a path of a run's artifacts
 */
export interface ListTrackedArtifactsInput {
  /**
   * <experiment>/<run>/artifacts[/folder]
   */
  path?: string;
}
/**
 * Training sets of a pipeline, newest first
 */
export interface ListTrainingSetsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListTrainingSetsOutput {
  trainingSets: TrainingSet[];
}
/**
 * A training set of a pipeline with its sealed hold-outs.
 */
export interface TrainingSet {
  /**
   * Id of the training set
   */
  trainingSet: string;
  /**
   * Id of the pipeline
   */
  pipeline: string;
  /**
   * Id of the run that asked
   */
  run: string;
  /**
   * How far it is
   */
  state: ("requested" | "created" | "refused");
  /**
   * What was known at this time was used
   */
  asOf: (string | null);
  /**
   * Rows
   */
  rows: (number | null);
  window: (TimeWindow | null);
  /**
   * Ids of its hold-outs
   */
  holdOuts: string[];
  /**
   * Why it was refused, or what was looked at
   */
  because: Finding[];
}
/**
 * Triggers of a pipeline, newest first; those that wait for labels say how many rows they have and need
 */
export interface ListTriggersInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Most triggers to list
   */
  limit: number;
}
export interface ListTriggersOutput {
  triggers: Trigger[];
}
/**
 * A signal that may lead to a run, and what was decided about it last.
 */
export interface Trigger {
  /**
   * Id, <project>/tr-<uuid>
   */
  trigger: string;
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * waiting-for-labels: for labels, or for what `because` says (the end of a rollout, of the cool-down, room in the budget); dropped: its incident is over, or a new champion answers it
   */
  state: ("waiting-for-labels" | "held" | "training" | "ignored" | "asks-a-person" | "dropped");
  /**
   * When the world changed, event time
   */
  changePoint: (string | null);
  /**
   * Incident that monitoring opened
   */
  incident?: (string | null);
  /**
   * Event time at which waiting for labels began
   */
  waitingSince?: (string | null);
  /**
   * Rows behind the change point whose outcome is final
   */
  maturedRows?: number;
  /**
   * Rows needed
   */
  neededRows?: number;
  /**
   * The run it led to
   */
  run?: (string | null);
  /**
   * The numbers of the last decision
   */
  because: Finding[];
}
/**
 * Judged windows of a pipeline's predictions, latest first
 */
export interface ListWindowsInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Most answers wanted
   */
  limit: number;
}
export interface ListWindowsOutput {
  windows: MonitoringWindow[];
}
/**
 * One closed window of a pipeline's predictions, judged against the reference of the version that answered. Sub-results are null until they can be given.
 */
export interface MonitoringWindow {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version whose reference judged the window
   */
  modelVersion: number;
  window: TimeWindow;
  /**
   * Predictions served
   */
  rows: number;
  /**
   * Verdict over inputs and scores
   */
  inputs: ("in-bounds" | "out-of-bounds" | "too-thin");
  /**
   * Distance of each watched column from the reference
   */
  columns: WatchedColumn[];
  method?: WindowMethod;
  /**
   * What was looked at
   */
  because: Finding[];
  /**
   * Data incident that the window belongs to; its losses are not judged
   */
  incident: (string | null);
  /**
   * How the predictions turned out; null until the labels matured
   */
  outcome: (WindowOutcome | null);
}
export interface WatchedColumn {
  /**
   * Feature, or score
   */
  column: string;
  /**
   * Jensen-Shannon distance beyond sampling noise
   */
  distance: (number | null);
  /**
   * Rows it rests on
   */
  rows?: number;
  /**
   * Effect size: share of rows that lie elsewhere than the reference's, beyond what sampling adds
   */
  shifted?: (number | null);
  /**
   * Largest distance in bounds; null without enough reference windows
   */
  threshold: (number | null);
}
/**
 * How the distances were made, so that anybody can make them again
 */
export interface WindowMethod {
  /**
   * Method
   */
  name: string;
  /**
   * Checksum of the pinned bins: counts over the same bins may be added
   */
  edges: string;
  /**
   * Largest error of a count against counting in one process: integers add up exactly
   */
  countError: number;
  /**
   * Largest relative error of a quantile
   */
  quantileError: number;
}
export interface WindowOutcome {
  /**
   * Predictions with a matured label
   */
  rows: number;
  /**
   * Mean loss over them
   */
  meanLoss: (number | null);
  /**
   * Largest mean loss of a usual window
   */
  bound: (number | null);
  /**
   * Verdict over the losses up to this window
   */
  verdict: ("normal" | "degraded" | "cannot-say");
}
/**
 * What a pipeline's loop was worth, from its events. Times of detection are event time, of deployment processing time. Null: nothing to tell it by.
 */
export interface LoopKpis {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * First event that counts; null without any
   */
  from: (string | null);
  /**
   * Last event that counts
   */
  to: (string | null);
  /**
   * Incidents by kind
   */
  incidents: {
    [k: string]: number;
  };
  detection: DurationSummary;
  resolution: DurationSummary;
  deployment: DurationSummary;
  retraining: RetrainingKpis;
  /**
   * What each gate promised and what was realised, latest first
   */
  gates: GateKpi[];
  excessLoss: ExcessLoss;
}
export interface RetrainingKpis {
  /**
   * Runs requested
   */
  runs: number;
  /**
   * Runs by what asked for them
   */
  byCause: {
    [k: string]: number;
  };
  /**
   * Runs in 30 days of event time
   */
  perMonth: (number | null);
  /**
   * Runs whose version became champion
   */
  promoted: number;
  /**
   * Runs whose version was rejected or rolled back
   */
  refused: number;
  /**
   * Runs that failed
   */
  failed: number;
  /**
   * Runs that were ended before their verdict, as what they read broke or what they were wanted for was over
   */
  cancelled: number;
  /**
   * Runs without an end yet
   */
  open: number;
  /**
   * Promoted of those that ended and were not cancelled
   */
  yield: (number | null);
  /**
   * Time that training commands took, all together
   */
  commandMs: number;
}
export interface GateKpi {
  /**
   * Id of the run
   */
  run: string;
  /**
   * Version that was promoted
   */
  modelVersion: number;
  /**
   * Version before
   */
  previousModelVersion: number;
  /**
   * Gain in mean loss on the sealed hold-out
   */
  promised: (number | null);
  /**
   * Its lower confidence bound
   */
  promisedLower: (number | null);
  /**
   * Gain on the same live requests, the version before in shadow
   */
  realised: (number | null);
  /**
   * Its lower confidence bound
   */
  realisedLower: (number | null);
  /**
   * Its upper confidence bound
   */
  realisedUpper: (number | null);
  /**
   * Live requests that both answered, with an outcome
   */
  rows: number;
  /**
   * Whether the promise lies in the interval of what was realised, or below; null while it cannot be told
   */
  kept: (boolean | null);
}
export interface ExcessLoss {
  /**
   * Regret as far as events tell: loss above the usual one, summed over the predictions of windows between a change point and its end
   */
  total: (number | null);
  /**
   * Predictions in these windows with an outcome
   */
  rows: number;
  /**
   * Loss that the promoted versions saved against never retraining, on the requests that the version before answered in shadow
   */
  saved: (number | null);
  /**
   * Such requests
   */
  savedRows: number;
}
/**
 * Inputs and outputs of a model, Open Inference Protocol.
 */
export interface ModelMetadata {
  /**
   * Name
   */
  name: string;
  /**
   * Versions on the route
   */
  versions: string[];
  /**
   * onnx_onnxruntime
   */
  platform: string;
  /**
   * Columns that a caller sends
   */
  inputs: TensorMetadata[];
  /**
   * What is answered
   */
  outputs: TensorMetadata[];
}
/**
 * Name, type and shape of a tensor; -1 is any number of rows.
 */
export interface TensorMetadata {
  /**
   * Name
   */
  name: string;
  /**
   * Type of the elements
   */
  datatype: string;
  /**
   * Shape
   */
  shape: number[];
}
/**
 * A model version passed its gates and waits for a person.
 */
export interface ModelVersionApprovalRequested {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A model version may be served; signed.
 */
export interface ModelVersionApproved {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Whether a person is asked before it takes traffic; absent: no
   */
  asksAfterShadow?: boolean;
  /**
   * Event time of the end of what it was trained on; absent: not known
   */
  learnedTo?: string;
  model: Artifact;
  signed: SignedModel;
  serving: ServingSpec;
  /**
   * Who approved: user:<name> or service:registry
   */
  approvedBy: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A model version with what it came from and why it was judged as it was.
 */
export interface ModelVersionDetail {
  summary: ModelVersionSummary;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
  evaluation: ModelVersionEvaluation;
  serving: ServingSpec;
  /**
   * Null unless approved
   */
  signed: (SignedModel | null);
}
/**
 * What the platform measured for a model version, and what it came from.
 */
export interface ModelVersionEvaluation {
  /**
   * Whether a person is asked before it takes traffic; absent: no
   */
  asksAfterShadow?: boolean;
  model: Artifact;
  signature: Signature;
  /**
   * The version to beat; null for a first one
   */
  champion: (ModelVersionRef | null);
  /**
   * Results per hold-out
   */
  holdOuts: HoldOutResult[];
  parity: ParityResult;
  rowLosses: Artifact;
  /**
   * Id of the training set
   */
  trainingSet: string;
  /**
   * Rows of the training set
   */
  trainingRows: number;
  window: TimeWindow;
  /**
   * What was read
   */
  dataSetVersions: DataSetVersionRef[];
  featureView: FeatureViewRef;
  /**
   * SHA-256, lower-case hex
   */
  codeSha256: string;
  /**
   * Parameters of the training command
   */
  parameters: {
    [k: string]: string | number | boolean;
  };
  /**
   * Seed of the run
   */
  seed: number;
  /**
   * Digest of the locked environment the command ran in
   */
  environmentSha256: string;
}
/**
 * A model version was filed with what it came from.
 */
export interface ModelVersionRegistered {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  model: Artifact;
  signature: Signature;
  featureView: FeatureViewRef;
  /**
   * What it was trained on
   */
  dataSetVersions: DataSetVersionRef[];
  /**
   * Id of the training set
   */
  trainingSet: string;
  window: TimeWindow;
}
/**
 * A model version will not be served.
 */
export interface ModelVersionRejected {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
  /**
   * Why
   */
  verdict: ("not-better" | "cannot-say" | "gate-failed" | "person" | "cancelled");
}
/**
 * A model version was replaced.
 */
export interface ModelVersionRetired {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A model version must not be served or trained from again.
 */
export interface ModelVersionWithdrawn {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Settings of monitoring.
 */
export interface MonitoringSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Memory for reading windows of predictions and labels, MiB
   */
  duckDbMegabytes: number;
}
/**
 * The rows of a sealed hold-out (columns _key, _event_time, the features, _label) for the evaluator
 */
export interface OpenHoldOutInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the hold-out
   */
  holdOut: string;
}
/**
 * The measured loss of a model got worse.
 */
export interface PerformanceDegraded {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the incident
   */
  incident: string;
  /**
   * When it began
   */
  changePoint: string;
  window: TimeWindow;
  /**
   * Loss that was measured
   */
  metric: string;
  /**
   * Mean loss in the window
   */
  measured: number;
  /**
   * Largest mean loss that a normal window keeps
   */
  bound: number;
  /**
   * Where losses grew most, worst first
   */
  segments?: LossSegment[];
  estimatedLoss?: EstimatedLoss;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Every service is ready: this version is now the active one.
 */
export interface PipelineActivated {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline, from 1
   */
  version: number;
  definition: Pipeline;
}
/**
 * What applying a pipeline file did, or would do.
 */
export interface PipelineApplication {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * checked: a dry run; unchanged: nothing to do; refused: a service would not accept its part, nothing was filed; pending: filed as a new version, the services prepare their parts
   */
  state: ("checked" | "unchanged" | "refused" | "pending");
  /**
   * The new version, or the active one when nothing changed; null when nothing was filed
   */
  version: (number | null);
  /**
   * Version that was active; null for a first one
   */
  previousVersion: (number | null);
  /**
   * Differences to the active version
   */
  changes: DefinitionChange[];
  /**
   * Refusals by service
   */
  refusals: ServiceRefusal[];
}
/**
 * Why a service refused its part.
 */
export interface ServiceRefusal {
  /**
   * Name of the service
   */
  service: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A pipeline version was filed; every service prepares its part.
 */
export interface PipelineApplied {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline, from 1
   */
  version: number;
  definition: Pipeline;
  /**
   * The file as written
   */
  source: string;
  /**
   * SHA-256 of the source, lower-case hex
   */
  sha256: string;
  /**
   * Differences to the version before
   */
  changes: DefinitionChange[];
  /**
   * Version before; null for the first
   */
  previousVersion: (number | null);
}
/**
 * A pipeline, its versions and who serves.
 */
export interface PipelineDetail {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Active version; null before the first became active
   */
  activeVersion: (number | null);
  /**
   * Version of the pipeline, from 1
   */
  latestVersion: number;
  /**
   * Model version that serves; null without
   */
  champion: (number | null);
  /**
   * Model version that is being rolled out; null without
   */
  challenger: (number | null);
  /**
   * Definition of the active version; null without
   */
  definition: (Pipeline | null);
  /**
   * Versions, latest first
   */
  versions: PipelineVersionSummary[];
}
/**
 * A version of a pipeline, without its definition.
 */
export interface PipelineVersionSummary {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline, from 1
   */
  version: number;
  /**
   * Where the version stands
   */
  state: ("pending" | "active" | "refused" | "superseded");
  /**
   * Who applied it
   */
  appliedBy: string;
  /**
   * When it was applied
   */
  appliedAt: string;
  /**
   * SHA-256 of the file as written, lower-case hex
   */
  sha256: string;
  /**
   * Differences to the version that was active before
   */
  changes: DefinitionChange[];
  /**
   * Answer of each service
   */
  parts: PipelinePartState[];
}
/**
 * How far a service is with its part of a pipeline version.
 */
export interface PipelinePartState {
  /**
   * Name of the service
   */
  service: string;
  /**
   * Where the part stands
   */
  state: ("pending" | "ready" | "refused");
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * What a service says about its part of a pipeline version.
 */
export interface PipelinePartAnswer {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline, from 1
   */
  version: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A pipeline definition whose part is to be checked without effect.
 */
export interface PipelinePartCheck {
  definition: Pipeline;
}
/**
 * Whether a service would accept its part of a pipeline.
 */
export interface PipelinePartVerdict {
  /**
   * Whether every check passed
   */
  accepted: boolean;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A service refused its part; the version before stays active.
 */
export interface PipelineRefused {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Version of the pipeline, from 1
   */
  version: number;
  /**
   * Refusals by service
   */
  refusals: ServiceRefusal[];
}
/**
 * A version of a pipeline with its definition and its file.
 */
export interface PipelineVersionDetail {
  summary: PipelineVersionSummary;
  definition: Pipeline;
  /**
   * The file as written
   */
  source: string;
}
/**
 * What a pipeline's policy does, in words, and when it would have acted on recorded windows.
 */
export interface PolicyReplay {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * The policy in sentences
   */
  policy: string[];
  /**
   * Start of the first window replayed
   */
  from: (string | null);
  /**
   * End of the last one
   */
  to: (string | null);
  /**
   * Windows replayed
   */
  windows: number;
  /**
   * What would have happened, in order of event time
   */
  steps: PolicyReplayStep[];
  /**
   * The replay in sentences
   */
  summary: string[];
  /**
   * What a replay cannot know and therefore assumes
   */
  assumptions: string[];
}
export interface PolicyReplayStep {
  /**
   * Event time at which it would have been known
   */
  at: string;
  window: TimeWindow;
  /**
   * Version that answered
   */
  modelVersion: number;
  /**
   * An incident began or ended, or training decided about one
   */
  what: ("raised" | "resolved" | "decided");
  /**
   * Kind of the incident
   */
  kind: string;
  /**
   * What training would have decided
   */
  decision?: string;
  /**
   * What it would have looked like
   */
  diagnosis?: string;
  /**
   * When it began
   */
  changePoint?: (string | null);
  /**
   * The same in a sentence
   */
  text: string;
  /**
   * The numbers
   */
  because: Finding[];
}
/**
 * Predictions for records of the predicted data set, each as of its event time (now where it has none)
 */
export interface PredictInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Records with the columns that the model's features use
   *
   * @minItems 1
   * @maxItems 10000
   */
  records: [{
      [k: string]: unknown;
    }, ...({
        [k: string]: unknown;
    })[]];
}
export interface PredictOutput {
  /**
   * Id of the pipeline
   */
  pipeline: string;
  /**
   * Route that was followed
   */
  routeRevision: number;
  /**
   * Online values were complete up to here; null when the features need none
   */
  featureWatermark: (string | null);
  /**
   * Time since Kafka last answered, ms: routes and online features are no newer; null when it never did
   */
  staleMs: (number | null);
  predictions: Prediction[];
}
export interface Prediction {
  /**
   * Id of the prediction in the prediction log
   */
  predictionId: string;
  /**
   * Key of the record
   */
  key: string;
  /**
   * Probability, or the value of a regression
   */
  score: number;
  /**
   * Version that answered
   */
  modelVersion: number;
}
/**
 * An RFC 9457 problem document.
 */
export interface Problem {
  /**
   * URI of the kind of problem, ends with the code
   */
  type: string;
  /**
   * Short sentence of the code
   */
  title: string;
  /**
   * HTTP status
   */
  status: number;
  /**
   * What happened this time
   */
  detail?: string;
  /**
   * Id of the request
   */
  instance?: string;
  /**
   * Error code of contracts/errors.yaml
   */
  code: string;
  /**
   * What the caller can do
   */
  todo?: string;
  /**
   * Trace of the request
   */
  traceId?: string;
  /**
   * Every flaw of the input
   */
  errors?: InputFlaw[];
  [k: string]: unknown;
}
/**
 * Features of records as they stood at a time, from the online tiles
 */
export interface ReadOnlineFeaturesInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Records of the predicted data set, as far as features use them
   *
   * @minItems 1
   * @maxItems 1000
   */
  records: [{
      [k: string]: unknown;
    }, ...({
        [k: string]: unknown;
    })[]];
  /**
   * Time for which values are wanted; default the event time of each record, else now
   */
  asOf?: string;
}
export interface ReadOnlineFeaturesOutput {
  featureView: FeatureViewRef;
  rows: OnlineFeatureRow[];
}
export interface OnlineFeatureRow {
  /**
   * Time for which the values hold
   */
  asOf: string;
  /**
   * Value per feature
   */
  features: {
    [k: string]: number | string | null;
  };
}
/**
 * Reading calls of the MLflow tracking API, arguments in the query string, errors in MLflow's form
 */
export interface ReadTrackingInput {
  /**
   * Entity of MLflow's REST API: experiments, runs, metrics, artifacts, logged-models
   */
  entity: string;
  /**
   * Call on it, such as get-by-name
   */
  call: string;
}
/**
 * Records of a segment were set aside; one summary per segment.
 */
export interface RecordsQuarantined {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * Records set aside
   */
  count: number;
  /**
   * Reasons, most frequent first
   */
  reasons: QuarantineReason[];
}
export interface QuarantineReason {
  /**
   * Reason
   */
  code: string;
  /**
   * Records with this reason
   */
  count: number;
  /**
   * What was wrong with one of them
   */
  example: string;
}
/**
 * Settings of the registry.
 */
export interface RegistrySettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Ed25519 private key that signs model versions, PKCS8 PEM
   */
  modelKeyFile: string;
}
/**
 * Rejects a version that waits for a person
 */
export interface RejectModelVersionInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the version
   */
  version: number;
  /**
   * Why
   */
  note: string;
}
/**
 * A person lifts a hold; the event time given is left out of later training sets
 */
export interface ReleaseHoldInput {
  /**
   * Project
   */
  project: string;
  /**
   * Id of the hold without its project
   */
  hold: string;
  /**
   * Why; stands in the audit log
   */
  reason: string;
  excluded?: TimeWindow;
}
/**
 * Tries the event again through the inbox, so what had an effect has none twice; behind the events of its key that are parked
 */
export interface ReplayDeadLetterInput {
  /**
   * Id of the dead letter
   */
  id: string;
  /**
   * Why; it stands in the audit log
   */
  reason?: string;
  /**
   * The data of the event mended for this try; the dead letter keeps the original
   */
  data?: unknown;
}
/**
 * Tries all open dead letters again that match every given filter, in the order in which they stood on their topics
 */
export interface ReplayDeadLettersInput {
  /**
   * Full type of the event
   */
  type?: string;
  /**
   * Kafka key of the event
   */
  key?: string;
  /**
   * Error code
   */
  code?: string;
  /**
   * Cascade of the event
   */
  correlation?: string;
  /**
   * Must be true when no filter is given
   */
  all: boolean;
  /**
   * Most letters at a time
   */
  limit: number;
  /**
   * Why; it stands in the audit log
   */
  reason?: string;
}
export interface ReplayDeadLettersOutput {
  /**
   * Letters that are tried again
   */
  replayed: number;
  /**
   * Open letters that match and are left
   */
  remaining: number;
}
/**
 * Says what a policy does and when it would have acted on recorded windows, without effect
 */
export interface ReplayPolicyInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * A pipeline file whose monitoring and reactions are tried; absent means the active version
   */
  source?: string;
  /**
   * First event time
   */
  from?: string;
  /**
   * Last event time
   */
  to?: string;
}
/**
 * Sends quarantined records to the topic again, all or those named, up to 1,000 at a time
 */
export interface ReplayQuarantineInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Numbers in the quarantine
   *
   * @maxItems 1000
   */
  ids?: number[];
  /**
   * Only this reason
   */
  code?: string;
}
export interface ReplayQuarantineOutput {
  /**
   * Records sent
   */
  replayed: number;
  /**
   * Records too long to be kept whole
   */
  skipped: number;
}
/**
 * Compares the features that were served with those that the offline join gives for the same times
 */
export interface ReproduceFeaturesInput {
  /**
   * Id of the pipeline
   */
  pipeline: string;
  /**
   * First event time
   */
  from: string;
  /**
   * First event time behind it
   */
  to: string;
}
export interface ReproduceFeaturesOutput {
  /**
   * Served values that were compared
   */
  compared: number;
  /**
   * Those that the offline join reproduces to the last bit
   */
  equal: number;
  /**
   * equal / compared; null when nothing was compared
   */
  share: (number | null);
  examples: FeatureDifference[];
}
export interface FeatureDifference {
  /**
   * Key of the prediction
   */
  key: string;
  /**
   * Time for which it was asked
   */
  eventTime: string;
  /**
   * Name of the feature
   */
  feature: string;
  /**
   * Value that was served
   */
  served: (number | string | null);
  /**
   * Value of the offline join
   */
  offline: (number | string | null);
}
/**
 * A person asks for a run; it does not wait for labels but obeys holds
 */
export interface RequestRunInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Why; stands in the audit log
   */
  reason: string;
}
/**
 * Takes out everything that was published after a version; a new version says so
 */
export interface RevertDataSetInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
  /**
   * Newest version that stays
   */
  toVersion: number;
  /**
   * Why, for the audit log
   */
  reason: string;
}
export interface RevertDataSetOutput {
  /**
   * Id of the data set
   */
  dataSet: string;
  /**
   * Newest version that stays
   */
  toVersion: number;
  /**
   * Segments that leave
   */
  segments: string[];
}
/**
 * Ends a token; JWTs made from it end within five minutes
 */
export interface RevokeTokenInput {
  /**
   * Id of the token
   */
  id: string;
}
/**
 * Ends the open rollout, or puts the version before the champion back
 */
export interface RollBackRouteInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Why
   */
  note: string;
}
/**
 * A model version is the champion.
 */
export interface RolloutCompleted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * The version that served before; null for a first one
   */
  previous: (ModelVersionRef | null);
}
/**
 * A rollout stays where it is, or goes back into shadow, until an incident is over or a person lets it go on.
 */
export interface RolloutPaused {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Where it stays
   */
  phase: ("shadow" | "canary" | "bake");
  /**
   * Incident that pauses it; null when a person is asked
   */
  incident: (string | null);
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A rollout ended and the version before serves again.
 */
export interface RolloutRolledBack {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * The version that serves again; null when none did
   */
  restored: (ModelVersionRef | null);
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A model version begins to replace the one before.
 */
export interface RolloutStarted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * The version that served before; null for a first one
   */
  previous: (ModelVersionRef | null);
  plan: RolloutPlan;
}
/**
 * A rollout entered a step and asks for its analysis.
 */
export interface RolloutStepped {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * Version that served before; null for a first one
   */
  previousModelVersion: (number | null);
  /**
   * Phase
   */
  phase: ("shadow" | "canary" | "bake");
  /**
   * Number of the step within the rollout, from 1
   */
  step: number;
  /**
   * Share of traffic the new version answers
   */
  trafficRatio: number;
  needs: AnalysisNeeds;
  /**
   * Event time at which the step began
   */
  startedAtEventTime?: (string | null);
}
/**
 * What the analysis must rest on
 */
export interface AnalysisNeeds {
  /**
   * Predictions the verdict needs
   */
  predictions: number;
  /**
   * Mean loss that may be lost
   */
  margin: number;
  proof?: GainProof;
  /**
   * Event time that the step lasts at least, ms; absent for none
   */
  durationMs?: number;
}
/**
 * A rollout that waited for its turn will not begin: a version that was approved later takes its place, or its own was withdrawn.
 */
export interface RolloutSuperseded {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the rollout
   */
  rollout: string;
  /**
   * Number of the model version within its pipeline, from 1
   */
  modelVersion: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Where requests of a pipeline go. Carries all that inference needs to serve.
 */
export interface RouteChanged {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Number of the route, growing by one
   */
  revision: number;
  /**
   * Model versions on the route; empty takes the model out of service
   */
  targets: Target[];
}
/**
 * A run will not be finished: its data are broken, what asked for it is over, or another run took its place.
 */
export interface RunCancelled {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * Incident that ended it; null without
   */
  incident: (string | null);
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A training command ended with a usable model.
 */
export interface RunCompleted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  model: Artifact;
  parity: ParityResult;
  /**
   * Training windows that were tried within the run; absent when there was one
   */
  candidates?: WindowCandidate[];
  /**
   * Metrics as the code logged them; never judged
   */
  metrics: {
    [k: string]: number;
  };
  /**
   * Time the command took, ms
   */
  durationMs: number;
}
export interface WindowCandidate {
  /**
   * What was trained on: all, last 7d, since-change, weighted 7d
   */
  window: string;
  /**
   * Rows it was trained on in the trial
   */
  rows: number;
  /**
   * Mean loss on the newest rows, which none of them had; null when it failed
   */
  loss: (number | null);
  /**
   * Whether the model comes from it
   */
  chosen: boolean;
}
/**
 * A run ended without a usable model.
 */
export interface RunFailed {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
  /**
   * Exit code of the command; null when it did not run
   */
  exitCode: (number | null);
  /**
   * What the command printed; null without
   */
  log: (Artifact | null);
}
/**
 * A run is wanted and waits for its turn: places and budgets are given to the largest estimated loss first.
 */
export interface RunQueued {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * Incident that asked; null without
   */
  incident: (string | null);
  /**
   * Place in the queue when it was told, from 1
   */
  position: number;
  /**
   * What a day of waiting costs, in usual losses times the pipeline's weight; 0 when nobody knows
   */
  estimatedLossPerDay: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A run needs its training set.
 */
export interface RunRequested {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * Incident that asked; null without
   */
  incident?: (string | null);
  /**
   * When the world changed; null when unknown
   */
  changePoint: (string | null);
  /**
   * Use what was known at this event time
   */
  asOf: string;
  /**
   * Event time to leave out
   */
  excluded: TimeWindow[];
  /**
   * The version to beat; null for a first one
   */
  champion: (ModelVersionRef | null);
}
/**
 * A training command was started.
 */
export interface RunStarted {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Number of the attempt, from 1
   */
  attempt: number;
  /**
   * Command and arguments
   */
  command: string[];
  /**
   * SHA-256, lower-case hex
   */
  codeSha256: string;
  /**
   * Parameters of the training command
   */
  parameters: {
    [k: string]: string | number | boolean;
  };
  /**
   * Seed of the run
   */
  seed: number;
  /**
   * Digest of the locked environment the command ran in
   */
  environmentSha256: string;
  /**
   * Id of the training set
   */
  trainingSet: string;
}
/**
 * A segment may be published.
 */
export interface SegmentAccepted {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  profile: Profile;
  /**
   * Checks that were made, warnings included
   */
  checks: Finding[];
}
/**
 * A segment must not be published.
 */
export interface SegmentRejected {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * A stretch of one partition was written and awaits its verdict.
 */
export interface SegmentStaged {
  /**
   * Id of the data set, <project>/<name>
   */
  dataSet: string;
  /**
   * Id of the segment
   */
  segment: string;
  /**
   * Partition of the data topic
   */
  partition: number;
  /**
   * First offset
   */
  fromOffset: number;
  /**
   * Last offset, inside
   */
  toOffset: number;
  /**
   * Rows in the file
   */
  rows: number;
  /**
   * Records of the stretch that were set aside
   */
  quarantined: number;
  /**
   * Parquet file with the rows; null when every record was set aside
   */
  file: (Artifact | null);
  /**
   * Version of the pipeline, from 1
   */
  pipelineVersion: number;
  /**
   * Earliest event time; null without rows
   */
  minEventTime: (string | null);
  /**
   * Latest event time; null without rows
   */
  maxEventTime: (string | null);
  /**
   * Latest time at which a row became known; null without rows
   */
  maxKnownAt: (string | null);
}
/**
 * Wants to hear nothing of an alert for some time; it is raised again if what it is about lasts
 */
export interface SnoozeAlertInput {
  /**
   * Project
   */
  project: string;
  /**
   * Second part of the id of the alert, al-<uuid>
   */
  alert: string;
  /**
   * Milliseconds from now, at most 30 days
   */
  durationMs: number;
  /**
   * Why
   */
  note?: string;
}
/**
 * The training set of a run was built and its hold-outs sealed.
 */
export interface TrainingSetCreated {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * Id of the training set
   */
  trainingSet: string;
  file: Artifact;
  /**
   * Rows of the training set
   */
  rows: number;
  /**
   * Rows with label 1, for classification
   */
  positives?: number;
  /**
   * Sealed hold-outs: only the evaluator can read them
   */
  holdOuts: SealedHoldOut[];
  signature: Signature;
  /**
   * What was read
   */
  dataSetVersions: DataSetVersionRef[];
  featureView: FeatureViewRef;
  /**
   * What was known at this time was used
   */
  asOf: string;
  window: TimeWindow;
  /**
   * Gap between the last training row and the hold-out, ms
   */
  embargoMs: number;
  /**
   * Event time left out because of incidents
   */
  excluded: TimeWindow[];
}
export interface SealedHoldOut {
  /**
   * Latest rows, or the pinned reference ones
   */
  kind: ("recent" | "reference");
  /**
   * Id of the hold-out
   */
  holdOut: string;
  /**
   * SHA-256, lower-case hex
   */
  sha256: string;
  /**
   * Rows
   */
  rows: number;
  window: TimeWindow;
}
/**
 * No training set could be built for a run.
 */
export interface TrainingSetRefused {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run: string;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Settings of training.
 */
export interface TrainingSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Directory of the Python environment whose programs come first in PATH
   */
  python?: string;
  /**
   * Directory in which runs work; none takes the system's temporary directory
   */
  workDir?: string;
  /**
   * Training commands at the same time
   */
  concurrentRuns: number;
  /**
   * Runs of all pipelines between request and evaluation at the same time; others wait for their turn
   */
  runsUnderWay: number;
  /**
   * A run that waited so long goes before larger losses, so that none waits for ever, ms
   */
  longestQueueMs: number;
  /**
   * Budget of runs that signals start by project (* for every other one), JSON object: "40 per 1d" or "40 per 1d, 6h per 1d" with the time that training commands may take
   */
  projectBudgets: {
    [k: string]: string;
  };
}
/**
 * A signal was judged: train, wait, hold, ignore or ask a person.
 */
export interface TriggerDecided {
  /**
   * Id of the pipeline, <project>/<name>
   */
  pipeline: string;
  /**
   * Id of the trigger
   */
  trigger: string;
  /**
   * What asked
   */
  cause: ("first-version" | "drift" | "performance" | "schedule" | "person");
  /**
   * What follows
   */
  decision: ("train" | "wait-for-labels" | "hold" | "ignore" | "ask-a-person");
  /**
   * Id of the training run, <project>/run-<uuid>
   */
  run?: string;
  /**
   * Incident that asked; null without
   */
  incident?: (string | null);
  /**
   * When the world changed
   */
  changePoint?: (string | null);
  /**
   * Matured rows behind the change point
   */
  maturedRows?: number;
  /**
   * Matured rows needed
   */
  neededRows?: number;
  /**
   * What was looked at, measured, and held against which bound
   */
  because: Finding[];
}
/**
 * Receives a file whose rows are sent to the topic of a data set (Parquet, CSV with a header as text/csv, or application/x-ndjson)
 */
export interface UploadFileInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the data set
   */
  name: string;
}
/**
 * Stores an artifact of a run
 */
export interface UploadTrackedArtifactInput {
  /**
   * <experiment>/<run>/artifacts/<file>, slashes included
   */
  path: string;
}
/**
 * Settings of validation.
 */
export interface ValidationSettings {
  /**
   * Address that the HTTP server listens on
   */
  host: string;
  /**
   * Kafka brokers, host:port
   *
   * @minItems 1
   */
  kafkaBrokers: [string, ...(string)[]];
  /**
   * Speak TLS with Kafka and check its certificate
   */
  kafkaTls: boolean;
  /**
   * Certificates of the authorities that may sign Kafka's, PEM; none: those that Node trusts. Needs kafkaTls
   */
  kafkaCaFile?: string;
  /**
   * How the user signs in to Kafka
   */
  kafkaSaslMechanism: ("SCRAM-SHA-512" | "SCRAM-SHA-256" | "PLAIN");
  /**
   * User that signs in to Kafka; none: nobody signs in
   */
  kafkaUser?: string;
  /**
   * File with the user's password; read at the start
   */
  kafkaPasswordFile?: string;
  /**
   * Kafka client library; all processes of a service use the same one
   */
  kafkaClient: ("kafkajs" | "platformatic");
  /**
   * Put before every topic and consumer group; for tests and shared brokers
   */
  topicPrefix: string;
  /**
   * Postgres URL of the service: postgres://role:password@host:port/database. Needed by services that own data
   */
  databaseUrl?: string;
  /**
   * File with the role's password, in place of one in the URL; read at the start
   */
  databasePasswordFile?: string;
  /**
   * Speak TLS with Postgres and check its certificate and name
   */
  databaseTls: boolean;
  /**
   * Certificates of the authorities that may sign Postgres', PEM; none: those that Node trusts. Needs databaseTls
   */
  databaseCaFile?: string;
  /**
   * Object store: file:///directory or s3://bucket?endpoint=http://host:port
   */
  objectStoreUrl?: string;
  /**
   * Access key of the object store
   */
  s3AccessKey?: string;
  /**
   * Secret key of the object store
   */
  s3SecretKey?: string;
  /**
   * JSON Web Key Set with the public keys of all services
   */
  jwksFile: string;
  /**
   * Ed25519 private key of the service, PKCS8 PEM
   */
  signingKeyFile: string;
  /**
   * Base URL of each other service, JSON object
   */
  serviceUrls: {
    [k: string]: string;
  };
  /**
   * Least severe level that is logged
   */
  logLevel: ("trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent");
  /**
   * OpenTelemetry collector, http://host:port; none: spans are not sent
   */
  otlpEndpoint?: string;
  /**
   * Partitions of a topic that declares none
   */
  defaultPartitions: number;
  /**
   * After this long without a heartbeat the partitions of a killed service move to another, ms
   */
  sessionTimeoutMs: number;
  /**
   * Connections in the pool; one more is held for leadership and notifications
   */
  databaseConnections: number;
  /**
   * Delay before a parked event is tried again, ms; doubles with each try up to a minute
   */
  retryFirstDelayMs: number;
  /**
   * Tries of an event before it becomes a dead letter
   */
  retryTries: number;
  /**
   * Longest time that a stopping service takes to finish what it has in hand, ms
   */
  shutdownMs: number;
  /**
   * Largest HTTP body, bytes
   */
  bodyLimitBytes: number;
  /**
   * TCP port of the HTTP server; 0 takes a free one
   */
  port: number;
  /**
   * Memory for scanning segments, MiB
   */
  duckDbMegabytes: number;
}
/**
 * Takes a version out of use for good; deployment restores the one before if it serves
 */
export interface WithdrawModelVersionInput {
  /**
   * Project
   */
  project: string;
  /**
   * Name of the pipeline
   */
  name: string;
  /**
   * Number of the version
   */
  version: number;
  /**
   * Why
   */
  note: string;
}
/**
 * Writing and searching calls of the MLflow tracking API
 */
export interface WriteTrackingInput {
  /**
   * Entity of MLflow's REST API: experiments, runs, metrics, artifacts, logged-models
   */
  entity: string;
  /**
   * Call on it, such as get-by-name
   */
  call: string;
}
