/** Topics and groups on the broker begin with the prefix of the installation. */
export class TopicNames {
  constructor(readonly prefix: string) {}

  /** The name on the broker. */
  onBroker(name: string): string {
    return `${this.prefix}${name}`;
  }

  /** The inverse of `onBroker`. */
  plain(name: string): string {
    return name.slice(this.prefix.length);
  }
}
