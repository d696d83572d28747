import { setTimeout as pause } from 'node:timers/promises';

/** Waits until the condition holds; the test's own time-out bounds it. */
export async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await pause(20);
}
