import type { ModelVersionApproved, ModelVersionRejected, RolloutCompleted, RolloutRolledBack, RolloutStarted } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { reconsiderTriggers } from './reconsider-triggers.js';
import { isOfWindows } from './complete-run.js';
import { rememberRefusal } from './remember-refusal.js';
import { cancelWaitingRuns } from './want-run.js';

/** A run's model was approved: until its rollout and bake time end deployment answers for it. */
export async function rolloutBegins(tx: Tx, { pipeline, run, modelVersion, because }: ModelVersionApproved): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await settleRun(tx, run, 'approved', because);
  await tx.save(PipelineRow, { ...row, rolloutOpen: row.rolloutOpen || modelVersion > row.settledVersion, lastRefusal: null });
}

/** A rollout that waited for another one begins after that one's end: deployment answers again. */
export async function rolloutStarted(tx: Tx, { pipeline, modelVersion }: RolloutStarted): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await tx.save(PipelineRow, { ...row, rolloutOpen: row.rolloutOpen || modelVersion > row.settledVersion });
}

/** A run's model was refused: that is remembered, and what asked for it waits for more outcomes. */
export async function modelWasRefused(tx: Tx, { pipeline, run, because, verdict }: ModelVersionRejected): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const refused = await settleRun(tx, run, 'rejected', because);
  if (refused.state === 'cancelled') return;
  await rememberRefusal(tx, row, refused, verdict === 'person' ? 'give-up' : 'wait');
}

/** The new version carries all traffic and its bake time passed: it is the champion, and signals about its predecessor are answered. */
export async function championChanged(tx: Tx, { pipeline, modelVersion, run }: RolloutCompleted): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const settledVersion = Math.max(row.settledVersion, modelVersion);
  await tx.save(PipelineRow, { ...row, champion: { modelVersion, run }, rolloutOpen: false, settledVersion });
  const open = await tx.findMany(TriggerRow, { where: { pipeline, state: In(['waiting-for-labels', 'held']) } });
  const answered = open.filter(({ diagnosis }) => diagnosis !== 'data-incident');
  for (const trigger of answered) await tx.save(TriggerRow, { ...trigger, state: 'dropped' });
  await cancelWaitingRuns(tx, pipeline, { check: 'same-version-answers', passed: false, measured: modelVersion, detail: 'Another version answers meanwhile' });
}

/** The new version was taken back: that counts as not better. */
export async function rolloutFailed(tx: Tx, { pipeline, modelVersion, restored }: RolloutRolledBack): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const settledVersion = Math.max(row.settledVersion, modelVersion);
  const settled = { ...row, champion: restored ?? row.champion, rolloutOpen: false, settledVersion };
  await tx.save(PipelineRow, settled);
  const [run] = await tx.findMany(RunRow, { where: { pipeline, state: In(['approved', 'cancelled']) }, order: { requestedAt: 'DESC' }, take: 1 });
  if (run?.state === 'approved') await rememberRefusal(tx, settled, run, 'wait');
  await reconsiderTriggers(tx, pipeline);
}

/** A run that was cancelled stays so: the registry takes its version back. */
async function settleRun(tx: Tx, run: string, state: 'approved' | 'rejected', because: RunRow['because']): Promise<RunRow> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state === 'cancelled') return row;
  const settled = { ...row, state, because: [...row.because.filter(isOfWindows), ...because] };
  await tx.save(RunRow, settled);
  return settled;
}
