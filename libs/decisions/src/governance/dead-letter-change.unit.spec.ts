import { deadLetterChangeOf } from './dead-letter-change.js';

const data = { deadLetter: 'l1', service: 'training', eventId: 'e1', type: 'millrace.monitoring.drift.detected.v1' };

describe('what an event says of a dead letter', () => {
  it('is its new state, with the reason of the service or of the person', () => {
    expect(deadLetterChangeOf('millrace.training.dead-letter.recorded.v1', { ...data, because: { code: 'internal-error', detail: 'Broken' } })).toEqual({ ...data, state: 'open', code: 'internal-error', detail: 'Broken', reason: null });
    expect(deadLetterChangeOf('millrace.training.dead-letter.replayed.v1', { ...data, reason: 'Mended' })).toMatchObject({ state: 'replayed', reason: 'Mended' });
    expect(deadLetterChangeOf('millrace.training.dead-letter.dropped.v1', { ...data, reason: 'A test' })).toMatchObject({ state: 'dropped', reason: 'A test' });
  });

  it('is nothing when the event is about something else, or its data name no letter', () => {
    expect(deadLetterChangeOf('millrace.training.run.failed.v1', data)).toBeUndefined();
    expect(deadLetterChangeOf('millrace.training.dead-letter.recorded.v1', { ...data, deadLetter: 7 })).toBeUndefined();
    expect(deadLetterChangeOf('millrace.training.dead-letter.recorded.v1', null)).toBeUndefined();
  });
});
