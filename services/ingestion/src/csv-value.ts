import type { ColumnDefinition } from '@millrace/contracts';

const SPACED_TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(:\d\d(\.\d+)?)?)$/;

/** A CSV field as its column's type; an empty field is null, a time without zone is UTC. What does not fit stays text, so that the record checks name it. */
export function csvValueOf(type: ColumnDefinition['type'], text: string | null): string | number | boolean | null {
  if (text === null || text === '') return null;
  if (type === 'double' || type === 'long') return Number.isFinite(Number(text)) && text.trim() !== '' ? Number(text) : text;
  if (type === 'boolean') return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
  if (type === 'timestamp') return text.replace(SPACED_TIME, '$1T$2Z');
  return text;
}
