import type { AlertRaised, Pipeline } from '@millrace/contracts';
import { readable } from '@millrace/decisions';
import type { IncidentRow } from '../store/incident.row.js';

type AlertText = Pick<AlertRaised, 'severity' | 'recipient' | 'summary' | 'remedy'>;

/** What a person is told of an incident, and what can be done about it. */
export function alertTextOf({ pipeline, kind, life, columns, because, modelVersion }: IncidentRow, { owners }: Pipeline): AlertText {
  const since = life.changePoint;
  if (kind === 'data' || kind === 'labels') {
    const signs = because.flatMap(({ passed, detail }) => (passed || detail === undefined ? [] : [detail])).join('; ');
    return {
      severity: 'critical',
      recipient: owners.data ?? 'unassigned',
      summary: `The ${kind} of ${pipeline} look broken since ${since}: ${signs}`,
      remedy: 'Mend the source, or revert the data set to a version before that time; training is held until windows are normal again',
    };
  }
  if (kind === 'estimate' || kind === 'measure' || kind === 'fairness') return qualityTextOf({ pipeline, kind, because, modelVersion }, since, owners);
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

const QUALITY = {
  estimate: ['is expected to predict worse, without labels yet to tell by', 'Wait for labels, or see that they come; nothing is trained or moved by an estimate'],
  measure: ['is out of bounds in what is watched besides its losses', 'Look at the measures of its windows: serving, skew, freshness, calibration, business'],
  fairness: ['treats groups more differently than the pipeline allows', 'Look at the groups of its windows; nothing is trained or moved by this'],
} as const;

function qualityTextOf({ pipeline, kind, because, modelVersion }: Pick<IncidentRow, 'pipeline' | 'because' | 'modelVersion'> & { kind: keyof typeof QUALITY }, since: string, owners: Pipeline['owners']): AlertText {
  const [what, remedy] = QUALITY[kind];
  const measured = because.map(({ check, measured: value }) => `${check} ${typeof value === 'number' ? readable(value) : (value ?? 'unknown')}`).join(', ');
  return { severity: 'warning', recipient: owners.model ?? 'unassigned', summary: `Version ${modelVersion} of ${pipeline} ${what} since ${since}: ${measured}`, remedy };
}
