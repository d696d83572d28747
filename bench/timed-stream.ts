import { lossOfRow, lossWindowOf, pairedBlocksOf, profileOf } from '@millrace/decisions';
import type { DayRows, LossWindow, PairedBlock, PinnedColumn, Stretch, WindowProfile } from '@millrace/decisions';
import { DAY_MS } from './regret-streams.ts';
import type { RegretStream, StreamRow } from './regret-streams.ts';
import type { TrainedModel } from './training-command.ts';

/** A stream by time instead of by day, and what models say of it. Every stretch is [fromMs, toMs). */
export class TimedStream {
  readonly stream: RegretStream;
  readonly startMs: number;
  readonly liveMs: number;
  readonly endMs: number;
  readonly days: DayRows[];
  private readonly rows: StreamRow[];
  private readonly predictions = new Map<TrainedModel, Map<number, Promise<number[]>>>();

  constructor(stream: RegretStream) {
    this.stream = stream;
    this.rows = stream.days.flat();
    this.startMs = Math.floor((this.rows[0]?.atMs ?? 0) / DAY_MS) * DAY_MS;
    this.liveMs = this.startMs + stream.past * DAY_MS;
    this.endMs = this.startMs + stream.days.length * DAY_MS;
    this.days = stream.days.map((rows, day) => ({ day: isoOf(this.startMs + day * DAY_MS).slice(0, 10), rows: rows.length }));
  }

  rowsIn(stretch: Stretch): StreamRow[] {
    return this.rows.slice(...this.placesOf(stretch));
  }

  async lossesIn(model: TrainedModel, stretch: Stretch): Promise<number[]> {
    const predictions = await this.predictionsIn(model, stretch);
    return this.rowsIn(stretch).map(({ label }, row) => lossOfRow('log-loss', predictions[row] ?? NaN, label));
  }

  /** Scored by days, each once and only when it is asked for. */
  async predictionsIn(model: TrainedModel, stretch: Stretch): Promise<number[]> {
    const [from, to] = this.placesOf(stretch);
    const days = this.predictions.get(model) ?? new Map<number, Promise<number[]>>();
    this.predictions.set(model, days);
    const scores: number[] = [];
    for (let day = this.dayOf(stretch.fromMs); day * DAY_MS + this.startMs < stretch.toMs; day += 1) {
      const ofDay = this.stream.days[day] ?? [];
      const known = days.get(day) ?? model.model.score(ofDay.map(({ features }) => features)).then((scored) => [...scored]);
      days.set(day, known);
      const first = this.placesOf({ fromMs: this.startMs + day * DAY_MS, toMs: 0 })[0];
      scores.push(...(await known).slice(Math.max(0, from - first), Math.max(0, to - first)));
    }
    return scores;
  }

  async lossWindow(model: TrainedModel, stretch: Stretch, pinned: readonly PinnedColumn[] = []): Promise<LossWindow> {
    const predictions = await this.predictionsIn(model, stretch);
    const rows = this.rowsIn(stretch).map(({ label, features }, row) => ({ label, prediction: predictions[row] ?? NaN, inputs: pinned.map(({ name }) => features[name] ?? null) }));
    return lossWindowOf({ from: isoOf(stretch.fromMs), to: isoOf(stretch.toMs) }, 'log-loss', rows, pinned);
  }

  async pairsIn(challenger: TrainedModel, champion: TrainedModel, stretch: Stretch, blockMs: number): Promise<PairedBlock[]> {
    const rows = this.rowsIn(stretch);
    return pairedBlocksOf('log-loss', {
      blocks: rows.map(({ atMs }) => isoOf(Math.floor(atMs / blockMs) * blockMs)),
      labels: rows.map(({ label }) => label),
      challenger: await this.predictionsIn(challenger, stretch),
      champion: await this.predictionsIn(champion, stretch),
    });
  }

  profile(stretch: Stretch, pinned: readonly PinnedColumn[]): WindowProfile {
    const rows = this.rowsIn(stretch);
    const columns = Object.fromEntries(pinned.map(({ name }) => [name, rows.map(({ features }) => features[name] ?? null)]));
    return profileOf(stretch, pinned, { timesMs: rows.map(({ atMs }) => atMs), columns, repeated: 0 });
  }

  private dayOf(ms: number): number {
    return Math.max(0, Math.floor((ms - this.startMs) / DAY_MS));
  }

  /** Places of the first row at or after each end, by halving. */
  private placesOf({ fromMs, toMs }: Stretch): [number, number] {
    const placeOf = (ms: number): number => {
      let [low, high] = [0, this.rows.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((this.rows[middle]?.atMs ?? 0) < ms) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return [placeOf(fromMs), placeOf(toMs)];
  }
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
