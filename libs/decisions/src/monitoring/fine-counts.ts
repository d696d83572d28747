import type { FineCounts } from './window-profile.js';

/** One more of a key; the counts grow to where it lies. */
export function countFine(fine: FineCounts, key: number): void {
  const { counts } = fine;
  if (counts.length === 0) fine.from = key;
  if (key < fine.from) {
    counts.unshift(...new Array<number>(fine.from - key).fill(0));
    fine.from = key;
  }
  const place = key - fine.from;
  while (counts.length <= place) counts.push(0);
  counts[place] = (counts[place] ?? 0) + 1;
}

/** Counts of several parts together. */
export function mergeFine(parts: readonly FineCounts[]): FineCounts {
  const used = parts.filter(({ counts }) => counts.length > 0);
  if (used.length === 0) return { from: 0, counts: [] };
  const from = Math.min(...used.map((part) => part.from));
  const counts = new Array<number>(Math.max(...used.map((part) => part.from + part.counts.length)) - from).fill(0);
  for (const part of used) {
    const offset = part.from - from;
    for (let i = 0; i < part.counts.length; i += 1) counts[offset + i] = (counts[offset + i] ?? 0) + (part.counts[i] ?? 0);
  }
  return { from, counts };
}

/** What is left of a whole when a part of it is taken out. */
export function takeFine(whole: FineCounts, part: FineCounts): FineCounts {
  const counts = [...whole.counts];
  for (let i = 0; i < part.counts.length; i += 1) {
    const place = part.from + i - whole.from;
    counts[place] = (counts[place] ?? 0) - (part.counts[i] ?? 0);
  }
  return { from: whole.from, counts };
}
