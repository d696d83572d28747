import type { Database } from '../work/database.js';
import { lockNumber } from '../work/lock-number.js';
import type { LeaderListener, LeaderLock, LeaderSession } from './leader-lock.js';

/** The lead is a session advisory lock on a connection of its own, so it goes when the connection goes. */
export class PostgresLeaderLock implements LeaderLock {
  readonly channel: string;
  readonly #lock: bigint;

  constructor(private readonly database: Database) {
    this.channel = `millrace_${database.schema}`;
    this.#lock = lockNumber(database.schema, 'leader');
  }

  async connect({ lost, notified }: LeaderListener): Promise<LeaderSession> {
    const client = await this.database.connectAlone();
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => notified(payload));
    return {
      tryLead: async () => {
        const { rows } = await client.query<{ led: boolean }>('select pg_try_advisory_lock($1) as led', [this.#lock]);
        if (!rows[0]?.led) return false;
        await client.query(`listen "${this.channel}"`);
        return true;
      },
      end: () => client.end(),
    };
  }

  async notify(payload: string): Promise<void> {
    await this.database.query('select pg_notify($1, $2)', [this.channel, payload]);
  }
}
