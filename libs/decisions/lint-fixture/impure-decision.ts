// Deliberately wrong: lint must reject every line of this file (infra/src/lint-rules.int.spec.ts).
import { readFileSync } from 'node:fs';
import { UnitOfWork } from '@millrace/runtime';

export function decideByTheClock(): unknown[] {
  return [readFileSync('/dev/null'), UnitOfWork, Date.now(), new Date(), Math.random(), process.env];
}
