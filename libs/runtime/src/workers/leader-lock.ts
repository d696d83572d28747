/** Who hears of a leader's session. */
export interface LeaderListener {
  /** The session is gone, and with it the lead. May be called more than once. */
  lost(): void;
  /** Another process of the service has something for whoever leads. */
  notified(payload: string): void;
}

/** One lead for all processes of a service. */
export interface LeaderLock {
  /** Where `notify` reaches the leader. */
  readonly channel: string;
  /** Opens a session; the lead goes with it. */
  connect(listener: LeaderListener): Promise<LeaderSession>;
  /** Tells the leader, wherever it is. */
  notify(payload: string): Promise<void>;
}

export interface LeaderSession {
  /** True: this session leads, until it ends, and hears notifications. */
  tryLead(): Promise<boolean>;
  end(): Promise<void>;
}
