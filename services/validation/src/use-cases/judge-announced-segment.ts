import type { SegmentCheck } from '@millrace/contracts';
import { judgeSegment } from '@millrace/decisions';
import type { SegmentMeasures } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { SuiteRow } from '../store/suite.row.js';
import { VerdictRow } from '../store/verdict.row.js';

const MOST_AT_ONCE = 50;

/** A segment with what it is held against. */
export interface OpenVerdict {
  verdict: VerdictRow;
  suite: SuiteRow;
}

/** Segments without a verdict whose pipeline version is known to be active, oldest first. Staging and activation arrive on different topics, in any order. */
export async function openVerdicts(tx: ReadTx): Promise<OpenVerdict[]> {
  const open = await tx.query<{ segment: string }>(
    `select segment from verdicts join suites using (data_set)
     where judged_at is null and suites.pipeline_version >= verdicts.pipeline_version order by announced_at, segment limit $1`,
    [MOST_AT_ONCE],
  );
  const verdicts = await tx.findMany(VerdictRow, { where: { segment: In(open.map((row) => row.segment)) }, order: { announcedAt: 'ASC', segment: 'ASC' } });
  const suites = await tx.findMany(SuiteRow, { where: { dataSet: In(verdicts.map((verdict) => verdict.dataSet)) } });
  return verdicts.flatMap((verdict) => suites.filter((suite) => suite.dataSet === verdict.dataSet).map((suite) => ({ verdict, suite })));
}

/** Judges a scanned segment and says so. Nothing happens when that was done before. A segment without rows is accepted: there is nothing wrong in it, and it must not hold up what follows. */
export async function judgeAnnouncedSegment(tx: Tx, segment: string, measures: SegmentMeasures, suite: readonly SegmentCheck[]): Promise<void> {
  const row = await tx.lock(VerdictRow, { segment }, 'segment-not-found');
  if (row.judgedAt) return;
  const { accepted, checks } = judgeSegment(measures, row.rows === 0 ? [] : suite);
  await tx.save(VerdictRow, { ...row, accepted, checks, profile: measures.profile, judgedAt: tx.now });
  const { dataSet } = row;
  if (accepted) tx.emit('millrace.validation.segment.accepted.v1', { dataSet, segment, profile: measures.profile, checks });
  else tx.emit('millrace.validation.segment.rejected.v1', { dataSet, segment, because: checks });
}
