import type { PipelineFlawCode } from './pipeline-flaw.js';

const RESERVED_FEATURES = ['label', 'score', 'prediction'];

/** Whether a text can name a project, pipeline or data set. */
export function isSlug(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(name);
}

/** What is wrong with the name of a column or feature, if anything. Names that begin with `_` belong to Millrace. */
export function reservedNameFlaw(name: string, kind: 'column' | 'feature'): { code: PipelineFlawCode; message: string } | undefined {
  if (name.startsWith('_')) return { code: 'reserved-name', message: `"${name}" is reserved: names that begin with _ belong to Millrace` };
  if (kind === 'feature' && RESERVED_FEATURES.includes(name)) return { code: 'reserved-name', message: `"${name}" is reserved and cannot name a feature` };
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return undefined;
  return { code: 'invalid-value', message: `"${name}" cannot name a ${kind}: use small letters, digits and _, a letter first, at most 63` };
}
