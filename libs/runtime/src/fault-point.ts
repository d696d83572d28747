import { readFileSync } from 'node:fs';

/** Places where a test may kill the process, in the order in which an event passes them. */
export const faultPoints = [
  'before-commit',
  'after-commit',
  'before-send',
  'before-mark-published',
  'after-mark-published',
  'before-offset-commit',
  'after-offset-commit',
  'before-records-sent',
  'after-records-sent',
] as const;

export type FaultPointName = (typeof faultPoints)[number];

/**
 * Ends the process with SIGKILL at an armed passage, to prove what survives. `MILLRACE_FAULT=<name>:<n>` arms the n-th passage (1 when left out) from the
 * start; with `MILLRACE_FAULT_FILE` the signal SIGUSR2 arms what the file says then, counted from that moment. Unset, this costs one comparison.
 */
export function faultPoint(name: FaultPointName): void {
  if (armed?.name !== name) return;
  armed.passagesLeft -= 1;
  if (armed.passagesLeft === 0) process.kill(process.pid, 'SIGKILL');
}

function armedBy(text: string): { name: string; passagesLeft: number } {
  const [name = '', passage = '1'] = text.trim().split(':');
  return { name, passagesLeft: Number(passage) };
}

const { MILLRACE_FAULT: fault, MILLRACE_FAULT_FILE: faultFile } = process.env;
let armed = fault === undefined ? undefined : armedBy(fault);
if (faultFile !== undefined) process.on('SIGUSR2', () => (armed = armedBy(readFileSync(faultFile, 'utf8'))));
