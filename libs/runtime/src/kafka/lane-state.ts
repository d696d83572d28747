/** A partition that a lane does not read for now. */
export interface LanePause {
  topic: string;
  partition: number;
  /** One sentence for operators. */
  because: string;
  sinceMs: number;
}

/** How far a lane is behind in a partition, as of its last batch. */
export interface LaneLag {
  topic: string;
  partition: number;
  records: number;
  /** When the first record that waits was written, at the latest; null when none waits. */
  sinceMs: number | null;
}

/** What a lane says of itself to operators. */
export class LaneState {
  readonly #pauses = new Map<string, LanePause>();
  readonly #lags = new Map<string, LaneLag>();
  #pausedMs = 0;
  /** Times that the lane has joined its group: at the start, and whenever its topics or its members change. */
  joins = 0;

  get pauses(): LanePause[] {
    return [...this.#pauses.values()];
  }

  get lags(): LaneLag[] {
    return [...this.#lags.values()];
  }

  /** Time that partitions were paused since the start, those that are paused now included, ms. */
  pausedMs(nowMs: number): number {
    return this.#pausedMs + this.pauses.reduce((sum, { sinceMs }) => sum + nowMs - sinceMs, 0);
  }

  paused(pause: LanePause): void {
    this.#pauses.set(`${pause.topic}/${pause.partition}`, pause);
  }

  resumed({ topic, partition }: { topic: string; partition: number }, nowMs: number): void {
    const place = `${topic}/${partition}`;
    const pause = this.#pauses.get(place);
    if (!pause) return;
    this.#pausedMs += nowMs - pause.sinceMs;
    this.#pauses.delete(place);
  }

  lagged(lag: LaneLag): void {
    this.#lags.set(`${lag.topic}/${lag.partition}`, lag);
  }

  /** The lane has joined its group: partitions that others read now are forgotten. */
  joined(partitions: readonly { topic: string; partition: number }[]): void {
    this.joins += 1;
    const kept = new Set(partitions.map(({ topic, partition }) => `${topic}/${partition}`));
    for (const place of this.#lags.keys()) if (!kept.has(place)) this.#lags.delete(place);
  }
}
