import { eventCatalogue } from '@millrace/contracts';
import { allowedStepTimeMs, expectedAfter, stepAwaitedAfter, stepsAnsweredBy } from './cascade-steps.js';
import { overdueFindings } from './overdue-step.js';

describe('the steps of a cascade', () => {
  it('begin with an event and end with any of those that must follow it', () => {
    const step = stepAwaitedAfter('millrace.training.run.requested.v1', { run: 'default/run-1' });
    expect(step).toMatchObject({ entity: 'run:default/run-1', pace: 'step' });
    const answer = stepsAnsweredBy('millrace.feature-store.training-set.refused.v1', { run: 'default/run-1' });
    expect(answer).toContainEqual({ entity: 'run:default/run-1', after: 'millrace.training.run.requested.v1' });
  });

  it('end together when one published version holds several segments', () => {
    const answers = stepsAnsweredBy('millrace.ingestion.data-set.version-published.v1', { segments: [{ segment: 'a' }, { segment: 'b' }] });
    expect(answers.map(({ entity }) => entity)).toEqual(['segment:a', 'segment:b']);
  });

  it('that fail end every wait of their run', () => {
    const ended = stepsAnsweredBy('millrace.training.run.failed.v1', { run: 'r' }).map(({ after }) => after);
    expect(ended).toEqual(['millrace.training.run.requested.v1', 'millrace.feature-store.training-set.created.v1', 'millrace.training.run.started.v1', 'millrace.training.run.completed.v1']);
  });

  it('name only events that exist', () => {
    for (const type of Object.keys(eventCatalogue)) for (const expected of expectedAfter(type)) expect(eventCatalogue).toHaveProperty([expected]);
  });

  it('await nothing when the data do not say what the event is about', () => {
    expect(stepAwaitedAfter('millrace.training.run.requested.v1', null)).toBeUndefined();
    expect(stepAwaitedAfter('millrace.registry.pipeline.applied.v1', { pipeline: 'default/a' })).toBeUndefined();
    expect(stepAwaitedAfter('unreadable', {})).toBeUndefined();
  });

  it('give a training command its own time on top, and a rollout as long as it needs', () => {
    expect(allowedStepTimeMs('step', 60_000, 600_000)).toBe(60_000);
    expect(allowedStepTimeMs('command', 60_000, 600_000)).toBe(660_000);
    expect(allowedStepTimeMs('open-ended', 60_000, 600_000)).toBeNull();
  });
});

describe('a step that does not come', () => {
  const step = { after: 'millrace.ingestion.segment.staged.v1', expects: ['millrace.validation.segment.accepted.v1'], sinceMs: 1_000, dueMs: 61_000 };

  it('is in time until its deadline', () => {
    expect(overdueFindings(step, 60_999)).toEqual([]);
  });

  it('is overdue from then on, with the time waited and allowed', () => {
    expect(overdueFindings(step, 62_000)).toEqual([
      { check: 'step-in-time', passed: false, measured: 61_000, bound: 60_000, detail: 'No validation.segment.accepted within 60000 ms of millrace.ingestion.segment.staged.v1' },
    ]);
  });
});
