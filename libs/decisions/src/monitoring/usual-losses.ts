import type { LossWindow } from './loss-window.js';

/** A version whose hold-out has fewer whole windows than this learns the usual losses from its first served windows as well. */
const REFERENCE_WINDOWS = 5;

/** The hold-out's windows and, when those are few, the first served ones: they are not judged but what later ones are held against. */
export function usualLossesOf(holdOut: readonly LossWindow[], firstServed: readonly LossWindow[]): LossWindow[] {
  return holdOut.length >= REFERENCE_WINDOWS ? [...holdOut] : [...holdOut, ...firstServed].slice(0, REFERENCE_WINDOWS);
}

/** Whether a served window belongs to the reference and is not to be judged. */
export function learnsLosses(usual: readonly LossWindow[], { rows }: LossWindow, minimumRows: number): boolean {
  return rows >= minimumRows && usual.length < REFERENCE_WINDOWS;
}
