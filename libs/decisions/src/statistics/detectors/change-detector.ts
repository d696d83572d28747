/** What a detector says after a value. A detector that found a drift begins anew with the next value. */
export type Detection = 'drift' | 'warning' | 'none';

/** Watches a stream of values one by one for a change; the same values give the same detections. */
export interface ChangeDetector {
  update(value: number): Detection;
}
