import fc from 'fast-check';
import { points } from './fault.ts';
import { planFaults, serviceOf } from './plan-faults.ts';

const processes = ['gateway', 'ingestion', 'ingestion-2', 'registry', 'registry-2', 'training', 'inference'];
const options = fc.record({ seed: fc.integer(), count: fc.integer({ min: 1, max: 400 }), meanGapMs: fc.integer({ min: 100, max: 20_000 }), processes: fc.constant(processes) });

describe('the plan of a fault campaign', () => {
  it('is the same for the same seed, to the last millisecond', () => {
    fc.assert(fc.property(options, (given) => expect(planFaults(given)).toEqual(planFaults(given))));
  });

  it('is another for another seed', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => expect(planFaults({ seed, count: 50, meanGapMs: 1000, processes })).not.toEqual(planFaults({ seed: seed + 1, count: 50, meanGapMs: 1000, processes }))));
  });

  it('has as many faults as asked for, numbered, in order of time', () => {
    fc.assert(
      fc.property(options, (given) => {
        const plan = planFaults(given);
        expect(plan.map(({ number }) => number)).toEqual(Array.from({ length: given.count }, (_, index) => index + 1));
        plan.reduce((before, { atMs }) => (expect(atMs).toBeGreaterThan(before), atMs), -1);
      }),
    );
  });

  it('names only processes that run, and points that they pass', () => {
    fc.assert(
      fc.property(options, (given) => {
        for (const { trouble } of planFaults(given)) {
          if ('process' in trouble) expect(processes).toContain(trouble.process);
          if ('service' in trouble) expect(processes.map(serviceOf)).toContain(trouble.service);
          if (trouble.kind === 'kill-at-point') expect(points).toContain(trouble.point);
          if (trouble.kind === 'kill-at-point' && trouble.process === 'inference') expect(trouble.point).toMatch(/records-sent/);
          if (trouble.kind === 'kill-at-point') expect(trouble.process).not.toBe('gateway');
          if ('supplier' in trouble && 'service' in trouble && trouble.supplier === 'postgres') expect(['gateway', 'inference']).not.toContain(trouble.service);
        }
      }),
    );
  });

  it('has every kind of fault among the first twelve', () => {
    fc.assert(fc.property(fc.integer(), (seed) => expect(new Set(planFaults({ seed, count: 12, meanGapMs: 1000, processes }).map(({ trouble }) => trouble.kind)).size).toBe(12)));
  });
});
