import { MillraceError } from '@millrace/contracts';
import type { Caller } from '@millrace/runtime';

/** What a run's own token may be used for: this run, and reading the experiment it belongs to. */
export function runOfToken({ subject }: Caller): string | null {
  return subject.startsWith('run:') ? subject.slice(subject.indexOf('/') + 1) : null;
}

/** A run's token writes to its own run only. Throws `role-required`. */
export function checkWrites(caller: Caller, runId: string | undefined): void {
  const own = runOfToken(caller);
  if (own !== null && own !== runId) throw new MillraceError('role-required', `The token of ${own} may write to that run only`);
}
