import type { Target } from '@millrace/contracts';

/**
 * Which target answers a key, by a share in [0, 1) that stays the same for a key: challengers take the lowest shares, so that a key stays with one when its share grows; the
 * champion takes the rest. `propensity` is the share of keys that get this answer.
 */
export function chooseTarget<T extends Pick<Target, 'role' | 'trafficRatio'>>(targets: readonly T[], share: number): { target: T; propensity: number } | undefined {
  const champion = targets.find((target) => target.role === 'champion');
  let taken = 0;
  for (const target of targets) {
    if (target.role !== 'challenger') continue;
    if (share < taken + target.trafficRatio) return { target, propensity: target.trafficRatio };
    taken += target.trafficRatio;
  }
  return champion && { target: champion, propensity: Math.max(0, 1 - taken) };
}

/** A key's share in [0, 1): FNV-1a over salt and key with a final mix, so that neighbouring keys lie far apart. The salt keeps pipelines independent. */
export function shareOf(salt: string, key: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${salt}\u0000${key}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
