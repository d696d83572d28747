import { boundedReference, decideDrift, decideIncident, monitoringPolicyOf, pinColumns, profileOf, referenceOf } from '@millrace/decisions';
import type { Incident, IncidentKind, JudgedWindow, MonitoringRules } from '@millrace/decisions';
import type { SimulatedStream, StreamDay } from './simulated-stream.ts';

const DAY_MS = 86_400_000;
const REMEMBERED_WINDOWS = 60;

/** How a stream was watched by Millrace's decisions. */
export interface WatchedStream {
  /** Days after the reference on which an alarm was raised, by what it was about. */
  alarms: { day: number; kind: IncidentKind }[];
  /** For each of these days, whether an alarm was open at its end. */
  open: boolean[];
  /** Whether the reference was long enough for the declared budget. */
  promised: boolean;
  promisedPerMs: number;
}

/** Makes a reference of the first days and judges the days after it, as monitoring does: one alarm until it is resolved. */
export function watchStream(stream: SimulatedStream, days: { reference: number; live: number }, rules: MonitoringRules): WatchedStream {
  const policy = monitoringPolicyOf(rules);
  const past = Array.from({ length: days.reference }, () => stream.nextDay());
  const pinned = pinColumns(stream.columns.map((column) => ({ ...column, values: past.flatMap((day) => day.columns[column.name] ?? []) })));
  const profile = (day: StreamDay) => {
    const fromMs = Math.floor((day.timesMs[0] ?? 0) / DAY_MS) * DAY_MS;
    return profileOf({ fromMs, toMs: fromMs + DAY_MS }, pinned, { ...day, repeated: 0 });
  };
  const reference = boundedReference(referenceOf(pinned, past.map(profile), policy), policy);
  const recent: JudgedWindow[] = [];
  const incidents = new Map<IncidentKind, Incident>();
  const watched: WatchedStream = { alarms: [], open: [], promised: false, promisedPerMs: 0 };
  for (let day = 0; day < days.live; day += 1) {
    const decision = decideDrift(profile(stream.nextDay()), reference, recent.slice(-REMEMBERED_WINDOWS), policy);
    const promise = decision.because.find(({ check }) => check === 'promise-of-false-alarms');
    if (promise) Object.assign(watched, { promised: promise.passed, promisedPerMs: Number(promise.measured) });
    const { next } = decision;
    const broken = next.signs.length > 0;
    if (!broken) recent.push(next);
    const verdictOf = { data: broken ? 'alarm' : next.verdict, drift: broken ? 'cannot-say' : decision.verdict === 'drift' ? 'alarm' : next.verdict } as const;
    for (const kind of ['data', 'drift'] as const) {
      const verdict = verdictOf[kind] === 'too-thin' ? 'cannot-say' : verdictOf[kind];
      const life = decideIncident(incidents.get(kind) ?? null, { from: next.from, to: next.to, verdict, diagnosis: 'covariate', changePoint: decision.changePoint }, { kind, newId: 'i', policy });
      if (life.next) incidents.set(kind, life.next);
      if (life.action === 'raise') watched.alarms.push({ day, kind });
    }
    watched.open.push([...incidents.values()].some(({ state }) => state === 'raised'));
  }
  return watched;
}
