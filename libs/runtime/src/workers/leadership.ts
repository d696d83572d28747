import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock/clock.js';
import type { LeaderLock, LeaderSession } from './leader-lock.js';

/** Someone who works while this process leads the service. */
export interface Led {
  /** This process leads now. */
  lead(): void;
  /** It leads no longer; another process may. */
  follow(): void;
  /** Another process of the service has something for whoever leads. */
  notified(payload: string): void;
}

/** How often a process that does not lead asks for the lock, and one that lost the database tries to connect. */
const retryMs = 2_000;

/** One process per service leads: after a kill, or when the leader has lost its session, another leads within two seconds. */
export class Leadership {
  #session: LeaderSession | undefined;
  #isLeader = false;
  #isRunning = false;
  #timer: Timer | undefined;
  readonly #led: Led[] = [];

  constructor(
    private readonly lock: LeaderLock,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** Where processes that do not lead notify the one that does. */
  get channel(): string {
    return this.lock.channel;
  }

  add(led: Led): void {
    this.#led.push(led);
    if (this.#isLeader) led.lead();
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await this.#seek();
  }

  /** Gives the lock back. Call when everything led has stopped. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#lose();
    const session = this.#session;
    this.#session = undefined;
    await session?.end().catch(() => undefined);
  }

  /** Tells the leader, wherever it is. */
  async notify(payload: string): Promise<void> {
    if (this.#isLeader) return this.#tell(payload);
    await this.lock.notify(payload);
  }

  async #seek(): Promise<void> {
    let session: LeaderSession | undefined;
    try {
      session = this.#session ?? (await this.#connect());
      if (!this.#isRunning) return await session.end();
      this.#session = session;
      const leads = await session.tryLead();
      // Lost while it asked: then the next attempt is on its way, and this lead is gone with its session.
      if (session !== this.#session) return;
      if (leads) this.#win();
      else this.#seekLater();
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot ask for leadership');
      this.#disconnected(session);
    }
  }

  async #connect(): Promise<LeaderSession> {
    const session: LeaderSession = await this.lock.connect({ lost: () => this.#disconnected(session), notified: (payload) => this.#tell(payload) });
    return session;
  }

  #disconnected(session: LeaderSession | undefined): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    void session?.end().catch(() => undefined);
    this.#lose();
    this.#seekLater();
  }

  #seekLater(): void {
    this.#timer?.cancel();
    if (this.#isRunning) this.#timer = this.clock.after(retryMs, () => void this.#seek());
  }

  #win(): void {
    if (!this.#isRunning) return;
    this.logger.debug('leads the service');
    this.#isLeader = true;
    for (const led of this.#led) led.lead();
  }

  #lose(): void {
    if (!this.#isLeader) return;
    this.#isLeader = false;
    for (const led of this.#led) led.follow();
  }

  #tell(payload: string): void {
    for (const led of this.#led) led.notified(payload);
  }
}
