import { summariseEvent } from './summarise-event.js';

describe('the summary of an event', () => {
  it('says what a drift looks like and in which columns', () => {
    const columns = [
      { column: 'distance', distance: 0.8, threshold: 0.1, share: 0.9, factor: 1.60934 },
      { column: 'hour', distance: 0.2, threshold: 0.1, share: 0.2 },
    ];
    const window = { from: '2001-03-01T00:00:00.000Z', to: '2001-03-02T00:00:00.000Z' };
    const drift = { pipeline: 'default/a', modelVersion: 1, incident: 'default/inc-1', diagnosis: 'data-incident' as const, changePoint: window.from, window, columns, because: [] };
    expect(summariseEvent('millrace.monitoring.drift.detected.v1', drift)).toBe('data-incident: distance x 1.609, hour');
  });

  it('gives the numbers of a refusal', () => {
    const because = [
      { check: 'gain', passed: false, measured: -0.0123456, bound: 0 },
      { check: 'parity', passed: true, measured: 0, bound: 0.001 },
    ];
    const rejected = { pipeline: 'default/a', modelVersion: 2, run: 'default/run-1', verdict: 'not-better' as const, because };
    expect(summariseEvent('millrace.registry.model-version.rejected.v1', rejected)).toBe('version 2: not-better (gain -0.01235, bound 0)');
  });

  it('is absent for events that decide nothing', () => {
    expect(summariseEvent('millrace.validation.pipeline-part.ready.v1', { pipeline: 'default/a', version: 1, because: [] })).toBeNull();
  });
});
