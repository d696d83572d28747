import type { RolloutCompleted, RolloutRolledBack, RolloutStepped, RouteChanged } from '@millrace/contracts';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { AnalysisRow } from '../store/analysis.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { VersionRunRow } from '../store/version-run.row.js';
import { endIncidentsOfChampion } from './live-incident.js';

/** The version that answers from now on; with another version come another reference and other bounds. */
export async function followRoute(tx: Tx, { pipeline, revision, targets }: RouteChanged): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  for (const { modelVersion, run } of targets) await tx.save(VersionRunRow, { pipeline, modelVersion, run });
  if (revision <= row.routeRevision) return;
  const target = targets.find(({ role }) => role === 'champion');
  const champion = target ? { modelVersion: target.modelVersion, run: target.run } : null;
  if (row.champion && row.champion.modelVersion !== champion?.modelVersion) await endIncidentsOfChampion(tx, row);
  await tx.save(PipelineRow, { ...row, routeRevision: revision, champion });
}

/** A step of a rollout asks for its analysis; the step before needs none any more. */
export async function openAnalysis(tx: Tx, stepped: RolloutStepped): Promise<void> {
  const { pipeline, rollout, step, phase, modelVersion, previousModelVersion, needs, startedAtEventTime } = stepped;
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await closeAnalyses(tx, { pipeline, rollout });
  const known = row.predictions?.watermark ?? null;
  const began = startedAtEventTime ?? known;
  await tx.save(AnalysisRow, {
    rollout,
    step,
    pipeline,
    phase,
    modelVersion,
    previousModelVersion,
    needs,
    countsFrom: began === null ? null : new Date(began),
    state: 'open',
    judgedWith: null,
    verdict: null,
    blocks: 0,
    because: [],
    cascade: { ...cascadeOf(tx.cause), pipelineVersion: row.version },
  });
}

/** The rollout ended: nothing waits for its analyses. */
export async function closeAnalyses(tx: Tx, { pipeline, rollout }: Pick<RolloutCompleted | RolloutRolledBack, 'pipeline' | 'rollout'>): Promise<void> {
  const open = await tx.findMany(AnalysisRow, { where: { pipeline, rollout, state: 'open' } });
  for (const analysis of open) await tx.save(AnalysisRow, { ...analysis, state: 'closed' });
}
