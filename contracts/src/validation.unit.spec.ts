import { checkReadEvent, checkWrittenEvent } from './validation.js';
import type { MillraceError } from './millrace-error.js';

const retired = { pipeline: 'default/churn', modelVersion: 3, because: [{ check: 'replaced', passed: true }] };

describe('an event', () => {
  it('is written only with the fields of its contract', () => {
    expect(() => checkWrittenEvent('millrace.registry.model-version.retired.v1', { ...retired, colour: 'red' })).toThrow(/unknown field "colour"/);
  });

  it('is read although it has fields that the reader does not know', () => {
    expect(() => checkReadEvent('millrace.registry.model-version.retired.v1', { ...retired, colour: 'red' })).not.toThrow();
  });

  it('is written only with the nested fields of its contract', () => {
    const because = [{ check: 'replaced', passed: true, mood: 'good' }];
    expect(() => checkWrittenEvent('millrace.registry.model-version.retired.v1', { ...retired, because })).toThrow(/unknown field "mood"/);
  });

  it('is refused by its reader when a field that it needs is missing', () => {
    expect(() => checkReadEvent('millrace.registry.model-version.retired.v1', { pipeline: 'default/churn' })).toThrow(/missing field "modelVersion"/);
  });

  it('is refused with every flaw at once', () => {
    const error = caught(() => checkWrittenEvent('millrace.registry.model-version.retired.v1', { pipeline: 'churn', modelVersion: 0 }));
    expect(error.code).toBe('invalid-event');
    expect(error.fields['errors']).toHaveLength(3);
  });
});

function caught(act: () => void): MillraceError {
  try {
    act();
  } catch (error) {
    return error as MillraceError;
  }
  throw new Error('nothing was refused');
}
