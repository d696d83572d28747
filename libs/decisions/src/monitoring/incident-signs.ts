import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull, readable } from '../evaluation/finding.js';
import { columnDistanceOf } from './column-distance.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { thresholdFor } from './reference-of.js';
import type { ColumnReference, Reference } from './reference-of.js';
import { unitJumpOf } from './unit-jump.js';
import type { ColumnWindow, WindowProfile } from './window-profile.js';

/** A sign that the data broke, as opposed to the world having changed. */
export interface IncidentSign {
  sign: 'unit-jump' | 'burst-of-nulls' | 'burst-of-new-categories' | 'constant-column' | 'source-stopped';
  /** Null when the whole source is meant. */
  column: string | null;
  factor?: number;
  finding: Finding;
}

const STOPPED_SHARE = 0.1;

/** Signs of broken data in one window, compared with the windows of the reference. */
export function incidentSignsOf(window: WindowProfile, reference: Reference, policy: Pick<MonitoringPolicy, 'minimumRows' | 'minimumReferenceWindows'>): IncidentSign[] {
  if (reference.windows.length < policy.minimumReferenceWindows) return [];
  const stopped = sourceStopped(window, reference);
  if (stopped.length > 0 || window.rows < policy.minimumRows) return stopped;
  return reference.columns.flatMap((column) => {
    const seen = window.columns[column.column.name];
    return seen ? columnSigns(column, seen, window.rows) : [];
  });
}

function columnSigns(reference: ColumnReference, window: ColumnWindow, rows: number): IncidentSign[] {
  const column = reference.column.name;
  const missing = window.missing / rows;
  const unseen = window.unseen / rows;
  const signs: IncidentSign[] = [];
  if (missing > reference.missingBound)
    signs.push(sign('burst-of-nulls', column, missing, reference.missingBound, rows, `${readable(100 * missing)} % of ${column} is missing`));
  if (unseen > reference.unseenBound)
    signs.push(sign('burst-of-new-categories', column, unseen, reference.unseenBound, rows, `${readable(100 * unseen)} % of ${column} was never seen before`));
  if (reference.varies && window.distinct === 1)
    signs.push(sign('constant-column', column, 1, 2, rows, `${column} has one value in the whole window`));
  return signs.length > 0 ? signs : unitJumpSigns(reference, window, rows);
}

function unitJumpSigns(reference: ColumnReference, window: ColumnWindow, rows: number): IncidentSign[] {
  if (reference.shapeThreshold === null || window.percentiles.length === 0) return [];
  if (columnDistanceOf(window, reference.pooled) <= thresholdFor(reference, window)) return [];
  const jump = unitJumpOf(reference.pooled.percentiles, window.percentiles, reference.shapeThreshold);
  if (!jump) return [];
  const column = reference.column.name;
  const detail =
    `${column} is ${readable(jump.factor)} times what it was; divided by that it lies ${readable(jump.after)} from the reference ` +
    `instead of ${readable(jump.before)} (usual: up to ${readable(reference.shapeThreshold)})`;
  return [{ ...sign('unit-jump', column, jump.factor, 1, rows, detail), factor: jump.factor }];
}

function sourceStopped(window: WindowProfile, reference: Reference): IncidentSign[] {
  const usual = Math.min(...reference.windows.map(({ rows }) => rows));
  if (window.rows >= STOPPED_SHARE * usual) return [];
  const detail = `${window.rows} rows came where the reference never had fewer than ${usual}`;
  return [{ ...sign('source-stopped', null, window.rows, STOPPED_SHARE * usual, window.rows, detail) }];
}

function sign(name: IncidentSign['sign'], column: string | null, measured: number, bound: number, rows: number, detail: string): IncidentSign {
  return { sign: name, column, finding: { check: name, passed: false, measured: finiteOrNull(measured), bound: finiteOrNull(bound), rows, detail } };
}
