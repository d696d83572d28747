import type { ApprovalDefinition, FalseAlarmBudget, MonitoringDefinition } from '@millrace/contracts';
import { parseDuration } from './duration.js';
import type { FileReader, Place } from './file-reader.js';
import { readWatchedQuality } from './read-watched-quality.js';
import type { Declared } from './read-watched-quality.js';

const DAY_MS = 86_400_000;

/** Reads `monitoring`: how long a window is and how many bad ones make an alarm. */
export function readMonitoring(reader: FileReader, place: Place, declared: Declared): MonitoringDefinition {
  const at = reader.fields(place, ['window', 'alarmAfter', 'of', 'falseAlarms', 'projectFalseAlarms', 'slices', 'fairness', 'business', 'limits']);
  const alarmAfter = reader.number(at.alarmAfter, { integer: true, from: 1 }) ?? 2;
  const of = reader.number(at.of, { integer: true, from: 1 }) ?? Math.max(3, alarmAfter);
  if (alarmAfter > of) reader.report(at.alarmAfter, 'does-not-fit', `alarmAfter (${alarmAfter}) is greater than of (${of}): the alarm could never be raised`);
  const budgets = { falseAlarms: readBudget(reader, at.falseAlarms), ...(reader.text(at.projectFalseAlarms) === undefined ? {} : { projectFalseAlarms: readBudget(reader, at.projectFalseAlarms) }) };
  return { windowMs: reader.duration(at.window) ?? DAY_MS, alarmAfter, of, ...budgets, ...readWatchedQuality(reader, at, declared) };
}

function readBudget(reader: FileReader, place: Place): FalseAlarmBudget {
  const text = reader.text(place);
  const [, count, per] = /^(\d+(?:\.\d+)?) per (\S+)$/.exec(text ?? '1 per 30d') ?? [];
  const perMs = parseDuration(per ?? '');
  if (count === undefined || !perMs || Number(count) <= 0) {
    reader.report(place, 'invalid-value', `This must be a budget such as "1 per 30d", not "${text}"`);
    return { count: 1, perMs: 30 * DAY_MS };
  }
  return { count: Number(count), perMs };
}

/** Reads `approval`: who lets a version that passed its gates go live. */
export function readApproval(reader: FileReader, place: Place): ApprovalDefinition {
  const at = reader.fields(place, ['firstVersion', 'next', 'secondPerson']);
  return {
    firstVersion: reader.oneOf(at.firstVersion, ['automatic', 'person']) ?? 'automatic',
    next: reader.oneOf(at.next, ['automatic', 'person']) ?? 'automatic',
    secondPerson: reader.boolean(at.secondPerson) ?? false,
  };
}
