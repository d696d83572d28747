import type { Finding, Pipeline, SegmentCheck } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';

/** Checks validation's part of a pipeline: every check names a column of its data set, and one whose measure it can have. */
export function checkPart(pipeline: Pipeline): { accepted: boolean; because: Finding[] } {
  const because = pipeline.dataSets.flatMap((dataSet) =>
    dataSet.segmentChecks.map((check): Finding => {
      const flaw = flawOf(check, dataSet.columns);
      const name = check.column === null ? check.measure : `${check.measure}(${check.column})`;
      return { check: 'segment-check', passed: flaw === null, detail: `${name} of ${dataSet.id} ${flaw ?? 'can be measured'}` };
    }),
  );
  return { accepted: because.every((finding) => finding.passed), because };
}

/** Says whether segments can be judged as an applied pipeline version asks. */
export function preparePart(tx: Tx, { definition, version }: { definition: Pipeline; version: number }): Promise<void> {
  const { accepted, because } = checkPart(definition);
  const answer = { pipeline: definition.id, version, because };
  if (accepted) tx.emit('millrace.validation.pipeline-part.ready.v1', answer);
  else tx.emit('millrace.validation.pipeline-part.refused.v1', answer);
  return Promise.resolve();
}

function flawOf(check: SegmentCheck, columns: Pipeline['dataSets'][number]['columns']): string | null {
  if (check.measure === 'rows') return check.column === null ? null : 'counts rows and takes no column';
  const column = columns.find((candidate) => candidate.name === check.column);
  if (!column) return 'names no column of the data set';
  return check.measure === 'mean' && column.type !== 'double' && column.type !== 'long' ? `needs a number, the column is a ${column.type}` : null;
}
