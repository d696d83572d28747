import type { Finding } from '@millrace/contracts';

/** Findings in words, one a line: what was looked at, measured, and held against which bound. */
export function findingLines(findings: readonly Finding[], indent = ''): string[] {
  return findings.map(({ check, passed, measured, bound, detail }) => {
    const numbers = measured === undefined && bound === undefined ? '' : ` ${shown(measured)}${bound === undefined ? '' : ` against ${shown(bound)}`}`;
    return `${indent}${passed ? 'ok ' : 'NO '} ${check}${numbers}${detail === undefined ? '' : `: ${detail}`}`;
  });
}

function shown(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
}
