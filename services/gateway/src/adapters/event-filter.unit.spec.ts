import type { AnyEvent } from '@millrace/contracts';
import { isWanted } from './event-filter.js';

const event = {
  id: 'e1',
  type: 'millrace.training.run.failed.v1',
  source: '/millrace/training',
  time: '2026-03-01T00:00:00.000Z',
  subject: 'retail/churn',
  project: 'retail',
  actor: 'service:training',
  correlationId: 'c1',
  data: { pipeline: 'retail/churn', run: 'retail/run-1', because: [], exitCode: 1, log: null },
} satisfies AnyEvent;

describe('a stream of events', () => {
  it('holds everything when nothing is asked for', () => {
    expect(isWanted(event, { project: '*' })).toBe(true);
  });

  it.each([
    ['millrace.training.run.failed.v1', true],
    ['millrace.training.*', true],
    ['millrace.registry.*, millrace.training.run.*', true],
    ['*', true],
    ['millrace.training.run.failed', false],
    ['millrace.registry.*', false],
    ['', false],
  ])('holds the types that are asked for: %s', (types, wanted) => {
    expect(isWanted(event, { types, project: '*' })).toBe(wanted);
  });

  it('holds the events of one pipeline, by subject or by what the data say', () => {
    expect(isWanted(event, { pipeline: 'retail/churn', project: '*' })).toBe(true);
    expect(isWanted({ ...event, subject: 'retail/other' }, { pipeline: 'retail/churn', project: '*' })).toBe(true);
    expect(isWanted(event, { pipeline: 'retail/other', project: '*' })).toBe(false);
  });

  it('never holds events of another project than the caller is for', () => {
    expect(isWanted(event, { project: 'retail' })).toBe(true);
    expect(isWanted(event, { project: 'default' })).toBe(false);
  });
});
