import type { PipelinePartAnswer } from '@millrace/contracts';
import { decideActivation } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { PipelinePartRow } from '../store/pipeline-part.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';

/** Notes a service's answer to a pipeline version; the last one activates it, a refusal refuses it. */
export async function recordPipelinePart(tx: Tx, service: string, state: 'ready' | 'refused', answer: PipelinePartAnswer): Promise<void> {
  const { pipeline, version, because } = answer;
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const filed = await tx.get(PipelineVersionRow, { pipeline, version }, 'pipeline-version-not-found');
  await tx.save(PipelinePartRow, { pipeline, version, service, state, because });
  if (filed.state !== 'pending') return;
  const parts = await tx.findMany(PipelinePartRow, { where: { pipeline, version }, order: { service: 'ASC' } });
  const decision = decideActivation(version, parts, row.activeVersion);
  if (decision.next === 'pending') return;
  if (decision.next === 'active') return activate(tx, row, filed);
  await tx.save(PipelineVersionRow, { ...filed, state: decision.next });
  if (decision.next === 'refused') tx.emit('millrace.registry.pipeline.refused.v1', { pipeline, version, refusals: decision.refusals });
}

async function activate(tx: Tx, row: PipelineRow, filed: PipelineVersionRow): Promise<void> {
  const { pipeline, version, definition } = filed;
  if (row.activeVersion !== null) {
    const before = await tx.get(PipelineVersionRow, { pipeline, version: row.activeVersion }, 'pipeline-version-not-found');
    await tx.save(PipelineVersionRow, { ...before, state: 'superseded' });
  }
  await tx.save(PipelineVersionRow, { ...filed, state: 'active' });
  await tx.save(PipelineRow, { ...row, activeVersion: version });
  tx.emit('millrace.registry.pipeline.activated.v1', { pipeline, version, definition }, { pipelineVersion: version });
}
