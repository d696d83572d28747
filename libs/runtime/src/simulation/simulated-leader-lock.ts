import type { ServiceName } from '@millrace/contracts';
import type { LeaderListener, LeaderLock, LeaderSession } from '../workers/leader-lock.js';
import type { LeaderConnection, SimulatedDatabase } from './simulated-database.js';
import type { SimulatedProcess } from './simulated-process.js';

/** The lead of a service in the simulated database. */
export class SimulatedLeaderLock implements LeaderLock {
  readonly channel: string;

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly process: SimulatedProcess,
    private readonly schema: ServiceName,
  ) {
    this.channel = schema;
  }

  async connect(listener: LeaderListener): Promise<LeaderSession> {
    const { database, process, schema } = this;
    const connection: LeaderConnection = { isOpen: true, process, lost: () => listener.lost(), notified: (payload) => listener.notified(payload) };
    const ask = <R>(what: string, serve: () => R): Promise<R> => database.ask<R>(process, what, ({ resolve }) => resolve(serve()));
    await ask('a connection', () => undefined);
    const abandoned = (error: unknown): never => {
      database.abandonLead(schema, connection);
      throw error;
    };
    return {
      tryLead: () => ask('the lead', () => database.tryLead(schema, connection)).catch(abandoned),
      end: () => ask('the end of a connection', () => database.endLead(schema, connection)).catch(abandoned),
    };
  }

  notify(payload: string): Promise<void> {
    return this.database.ask<void>(this.process, 'a notification', ({ resolve }) => resolve(this.database.notify(this.schema, payload)));
  }
}
