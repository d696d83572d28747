import type { Tx } from '@millrace/runtime';
import { HoldRow } from '../store/hold.row.js';
import type { TriggerRow } from '../store/trigger.row.js';

/** A data incident holds the pipeline: nothing is learned from broken data. Once per incident. */
export async function placeHold(tx: Tx, { pipeline, incident, changePoint, because, cascade }: TriggerRow): Promise<void> {
  if (!incident || (await tx.find(HoldRow, { pipeline, incident }))) return;
  const hold = `${cascade.project}/hold-${tx.newId()}`;
  await tx.insert(HoldRow, {
    hold,
    pipeline,
    incident,
    state: 'open',
    brokenFrom: changePoint ?? tx.now,
    placedAt: tx.now,
    liftedAt: null,
    excluded: null,
    because,
  });
  tx.emit('millrace.training.hold.placed.v1', { pipeline, hold, incident, because }, cascade);
}
