import { pino } from 'pino';
import { systemClock } from '../clock/system-clock.js';
import type { LeaderListener, LeaderLock, LeaderSession } from './leader-lock.js';
import { Leadership } from './leadership.js';

const silent = pino({ level: 'silent' });

/** A lock whose answers come when the test says so. */
function lockOf(answers: { tryLead: () => Promise<boolean>; connect?: () => Promise<void> }): { lock: LeaderLock; listeners: LeaderListener[]; ended: LeaderSession[] } {
  const listeners: LeaderListener[] = [];
  const ended: LeaderSession[] = [];
  const connect = async (listener: LeaderListener): Promise<LeaderSession> => {
    listeners.push(listener);
    await answers.connect?.();
    const session: LeaderSession = { tryLead: answers.tryLead, end: () => Promise.resolve(void ended.push(session)) };
    return session;
  };
  return { lock: { channel: 'c', connect, notify: () => Promise.resolve() }, listeners, ended };
}

describe('leadership', () => {
  it('does not lead by a session that was lost while it asked', async () => {
    let answer: (leads: boolean) => void = () => undefined;
    const { lock, listeners } = lockOf({ tryLead: () => new Promise((resolve) => (answer = resolve)) });
    const leadership = new Leadership(lock, systemClock, silent);
    const started = leadership.start();
    await new Promise(setImmediate);
    listeners[0]?.lost();
    answer(true);
    await started;
    expect(leadership.isLeader).toBe(false);
    await leadership.stop();
  });

  it('ends a session that it gets after it was stopped', async () => {
    let connected: () => void = () => undefined;
    const { lock, ended } = lockOf({ tryLead: () => Promise.resolve(true), connect: () => new Promise((resolve) => (connected = resolve)) });
    const leadership = new Leadership(lock, systemClock, silent);
    const started = leadership.start();
    await leadership.stop();
    connected();
    await started;
    expect(ended).toHaveLength(1);
    expect(leadership.isLeader).toBe(false);
  });
});
