/**
 * A place where a test may kill the process, to prove what survives. `MILLRACE_FAULT=<name>:<n>` ends the process with
 * SIGKILL at the n-th passage (1 when left out); unset, this costs one comparison. Names: `before-commit`, `after-commit`,
 * `before-mark-published`, `before-offset-commit`.
 */
export function faultPoint(name: FaultPointName): void {
  if (process.env['MILLRACE_FAULT'] === undefined) return;
  const [faultName, passage = '1'] = process.env['MILLRACE_FAULT'].split(':');
  if (faultName !== name) return;
  passed += 1;
  if (passed === Number(passage)) process.kill(process.pid, 'SIGKILL');
}

export type FaultPointName = 'before-commit' | 'after-commit' | 'before-mark-published' | 'before-offset-commit';

let passed = 0;
