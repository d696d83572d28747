import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { HoldRow } from '../store/hold.row.js';
import { RunRow, statesUnderWay } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { cancelRun } from './cancel-run.js';

/**
 * An incident holds the pipeline: nothing is learned while it lasts. Once per incident. What waits or is under way and reads data from
 * behind its beginning is cancelled; what asked for it is held, and decided anew when the hold is lifted.
 */
export async function placeHold(tx: Tx, trigger: TriggerRow): Promise<void> {
  const { pipeline, incident, changePoint, because, cascade } = trigger;
  if (!incident || (await tx.find(HoldRow, { pipeline, incident }))) return;
  const hold = `${cascade.project}/hold-${tx.newId()}`;
  const brokenFrom = changePoint ?? tx.now;
  await tx.insert(HoldRow, {
    hold,
    pipeline,
    incident,
    state: 'open',
    brokenFrom,
    placedAt: tx.now,
    liftedAt: null,
    excluded: null,
    because,
  });
  tx.emit('millrace.training.hold.placed.v1', { pipeline, hold, incident, because }, cascade);
  const open = await tx.findMany(RunRow, { where: { pipeline, state: In(['waiting-for-turn', ...statesUnderWay, 'evaluated']) } });
  for (const run of open.filter(({ asOf }) => asOf === null || asOf > brokenFrom)) await holdRun(tx, run, incident, brokenFrom);
}

async function holdRun(tx: Tx, run: RunRow, incident: string, brokenFrom: Date): Promise<void> {
  await cancelRun(tx, run, incident, [{ check: 'data-are-sound', passed: false, measured: incident, detail: `The run reads data from behind ${brokenFrom.toISOString()}, from when on they may not be learned` }]);
  const asked = await tx.find(TriggerRow, { trigger: run.trigger });
  if (asked) await tx.save(TriggerRow, { ...asked, state: 'held', run: null });
}
