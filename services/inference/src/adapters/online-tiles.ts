import { placeOfFeatureValueKey } from '@millrace/decisions';
import type { FeatureProgress, OnlineTile, PlacedTile } from '@millrace/decisions';

type OnlineValue = OnlineTile | FeatureProgress;

/** A reader's copy of the online tiles, in memory. A tile is found by its start, so that a value costs as many look-ups as its window has tiles. */
export class OnlineTiles {
  private readonly groups = new Map<string, Map<number, PlacedTile[]>>();
  private readonly progress = new Map<string, FeatureProgress>();
  /** Grows with every change. */
  changes = 0;

  /** Takes a record of the topic; null removes the tile that the key names. */
  apply(key: string, value: OnlineValue | null): void {
    this.changes += 1;
    if (value === null) this.remove(key);
    else if (value.kind === 'progress') this.progress.set(key, value);
    else this.put(value);
  }

  /** The tiles of a group that start in `[fromMs, toMs)`, in order of start. */
  read(series: string, entity: string, everyMs: number, fromMs: number, toMs: number): PlacedTile[] {
    const group = this.groups.get(groupKey(series, entity));
    const found: PlacedTile[] = [];
    if (!group) return found;
    for (let startMs = fromMs; startMs < toMs; startMs += everyMs) {
      const tiles = group.get(startMs);
      if (tiles) found.push(...tiles);
    }
    return found;
  }

  /** How far each partition of a data set is. */
  progressOf(dataSet: string): FeatureProgress[] {
    return [...this.progress.values()].filter((progress) => progress.dataSet === dataSet);
  }

  /** Event time up to which the values over these data sets are known: the least of them; null when there are none or one has no record yet. */
  watermarkMsOf(dataSets: readonly string[]): number | null {
    const watermarks = dataSets.map((dataSet) => Math.max(...this.progressOf(dataSet).map((progress) => progress.watermarkMs)));
    const least = Math.min(...watermarks);
    return Number.isFinite(least) ? least : null;
  }

  /** Everything held, as values of the topic. */
  *values(): Generator<OnlineValue> {
    yield* this.progress.values();
    for (const [key, group] of this.groups) {
      const [series = '', entity = ''] = JSON.parse(key) as [string, string];
      for (const tiles of group.values()) for (const tile of tiles) yield { kind: 'tile', series, entity, ...tile };
    }
  }

  private put({ kind: _kind, series, entity, ...tile }: OnlineTile): void {
    const key = groupKey(series, entity);
    const group = this.groups.get(key) ?? new Map<number, PlacedTile[]>();
    this.groups.set(key, group);
    const others = (group.get(tile.tileStartMs) ?? []).filter((other) => other.partition !== tile.partition);
    group.set(tile.tileStartMs, [...others, tile].sort((a, b) => a.partition - b.partition));
  }

  private remove(key: string): void {
    const place = placeOfFeatureValueKey(key);
    if (!place) return;
    const group = this.groups.get(groupKey(place.series, place.entity));
    const others = (group?.get(place.tileStartMs) ?? []).filter((other) => other.partition !== place.partition);
    if (others.length > 0) group?.set(place.tileStartMs, others);
    else group?.delete(place.tileStartMs);
  }
}

function groupKey(series: string, entity: string): string {
  return JSON.stringify([series, entity]);
}
