import type { AlertRaised, Pipeline } from '@millrace/contracts';
import { readable } from '@millrace/decisions';
import type { IncidentRow } from '../store/incident.row.js';

type AlertText = Pick<AlertRaised, 'severity' | 'recipient' | 'summary' | 'remedy'>;

/** What a person is told of an incident, and what can be done about it. */
export function alertTextOf({ pipeline, kind, life, columns, because, modelVersion }: IncidentRow, { owners }: Pipeline): AlertText {
  const since = life.changePoint;
  if (kind === 'data') {
    const signs = because.flatMap(({ passed, detail }) => (passed || detail === undefined ? [] : [detail])).join('; ');
    return {
      severity: 'critical',
      recipient: owners.data ?? 'unassigned',
      summary: `The data of ${pipeline} look broken since ${since}: ${signs}`,
      remedy: 'Mend the source, or revert the data set to a version before that time; training is held until windows are normal again',
    };
  }
  const [worst] = columns;
  const moved = worst ? `${worst.column} is ${readable(worst.distance)} from its reference (usual: up to ${readable(worst.threshold)})` : 'answers moved';
  return {
    severity: 'warning',
    recipient: owners.model ?? 'unassigned',
    summary:
      kind === 'drift'
        ? `What version ${modelVersion} of ${pipeline} is asked changed since ${since} (${life.diagnosis}): ${moved}`
        : `Version ${modelVersion} of ${pipeline} predicts worse since ${since} (${life.diagnosis})`,
    remedy: 'Nothing has to be done where the pipeline retrains by itself; otherwise look at the windows and ask for a run',
  };
}
