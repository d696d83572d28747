/** Tells the relay that there is something to send: at once when it is in this process, else by Postgres' NOTIFY. */
export interface OutboxWaker {
  /** Called after a commit that wrote to the outbox. */
  wake(): void;
  /** The channel to notify inside the transaction; null when this process is the relay's leader. */
  channelToNotify(): string | null;
}
