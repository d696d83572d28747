import { readable } from '../evaluation/finding.js';
import { signOf } from './incident-sign.js';
import type { IncidentSign, WindowBefore } from './incident-sign.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { phaseOfWindow } from './reference-of.js';
import type { Reference } from './reference-of.js';
import { startOfPart } from './segment.js';
import { phaseOf } from './window-rhythm.js';
import type { WindowProfile } from './window-profile.js';

const STOPPED_SHARE = 0.1;
/** Share of rows that are there twice, beyond what was usual lately. */
const REPEATED_SHARE = 0.05;
const WINDOWS_TO_KNOW = 3;
/** Refused records, against those that passed, from which on their producer has changed. */
const REFUSED_SHARE = 0.2;

/**
 * Signs that the source as a whole is broken: it stopped (also within the window), or the same rows came again. A source that has not
 * yet sent as much as it usually does has not stopped: a few stray predictions before the traffic begins are no incident.
 */
export function sourceSigns(window: WindowProfile, reference: Reference, recent: readonly WindowBefore[], { minimumRows }: Pick<MonitoringPolicy, 'minimumRows'>): IncidentSign[] {
  const usual = usualRows(window, reference);
  const late = [...lateSign(window), ...producerSign(window, minimumRows)];
  const stopped = stoppedSign(window, usual, recent);
  if (stopped) return [stopped, ...late];
  return [...late, ...[stoppedWithin(window, reference, minimumRows), repeatedSign(window, recent, minimumRows)].flatMap((sign) => sign ?? [])];
}

/** Records that no longer have the declared shape: their producer changed its schema or version. */
function producerSign({ refused, rows, from, to }: WindowProfile, minimumRows: number): IncidentSign[] {
  const bound = Math.max(minimumRows, REFUSED_SHARE * rows);
  if (!refused || refused.records < bound) return [];
  const detail = `${refused.records} records no longer have the declared shape: ${refused.example}`;
  return [{ ...signOf('producer-changed', null, refused.records, bound, rows, detail), began: from, ended: to }];
}

/** Rows that came when their window had been judged without them: what was said of it was said too early. */
function lateSign({ late, from, to }: WindowProfile): IncidentSign[] {
  if (!late) return [];
  const detail = `${late.rows} rows of ${late.of} came after their window was closed`;
  return [{ ...signOf('source-late', null, late.rows, 0, late.rows, detail), began: from, ended: to }];
}

/** The fewest rows of a reference window in the same phase of the day or week. */
function usualRows(window: WindowProfile, reference: Reference): number {
  const phase = phaseOfWindow(reference, window);
  const alike = reference.windows.filter(({ from }) => phaseOf(reference.rhythm, Date.parse(from)) === phase);
  return Math.min(...(alike.length > 0 ? alike : reference.windows).map(({ rows }) => rows));
}

function stoppedSign(window: WindowProfile, usual: number, recent: readonly WindowBefore[]): IncidentSign | null {
  if (window.rows >= STOPPED_SHARE * usual) return null;
  if (!recent.some(({ rows }) => rows >= STOPPED_SHARE * usual)) return null;
  const detail = `${window.rows} rows came where the reference never had fewer than ${usual}`;
  return { ...signOf('source-stopped', null, window.rows, STOPPED_SHARE * usual, window.rows, detail), began: window.from, ended: window.to };
}

/** Enough rows to judge came, and then none from some part of the window on, where the reference always had enough rows to judge. */
function stoppedWithin(window: WindowProfile, reference: Reference, minimumRows: number): IncidentSign | null {
  const parts = window.parts.length;
  const last = window.parts.findLastIndex(({ rows }) => rows > 0);
  if (window.rows < minimumRows || last === parts - 1 || reference.windows.some(({ partRows }) => partRows.length !== parts)) return null;
  const usual = Math.min(...reference.windows.map(({ partRows }) => partRows.slice(last + 1).reduce((sum, rows) => sum + rows, 0)));
  if (usual < minimumRows) return null;
  const began = startOfPart(window, Math.max(0, last));
  return { ...signOf('source-stopped', null, 0, usual, window.rows, `Nothing came after ${startOfPart(window, last + 1)}, where the reference never had fewer than ${usual} rows`), began, ended: window.to };
}

function repeatedSign(window: WindowProfile, recent: readonly WindowBefore[], minimumRows: number): IncidentSign | null {
  const sound = recent.filter(({ rows, verdict }) => rows >= minimumRows && verdict === 'in-bounds');
  if (sound.length < WINDOWS_TO_KNOW || window.rows < minimumRows) return null;
  const share = window.repeated / window.rows;
  const bound = Math.max(...sound.map(({ rows, repeated }) => repeated / rows)) + REPEATED_SHARE;
  if (share <= bound) return null;
  return { ...signOf('repeated-rows', null, share, bound, window.rows, `${readable(100 * share)} % of the rows are there twice: a part of the source was sent again`), began: window.from, ended: window.to };
}
