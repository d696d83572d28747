import type { ServiceName } from '@millrace/contracts';

/** Which service this application is; injectable. */
export class ServiceIdentity {
  /** @param instance names this process among the replicas of the service, for logs and Kafka client ids. */
  constructor(
    readonly name: ServiceName,
    readonly instance: string,
  ) {}

  /** Postgres schema: the name with `_` for `-`. */
  get schema(): string {
    return this.name.replaceAll('-', '_');
  }

  /** Actor of what the service does on its own. */
  get actor(): string {
    return `service:${this.name}`;
  }
}
