import { SMALLEST_FILE, pipelineOf } from '../pipeline/flights.fixture.js';
import { isOneChange, sourcesOf } from './shared-cause.js';

const pipeline = pipelineOf(SMALLEST_FILE);
const day = (number: number): string => new Date(Date.UTC(2026, 2, number)).toISOString();
const drift = { kind: 'drift' as const, sources: ['default/flights.origin'], changePoint: day(10) };

describe('the source of an incident', () => {
  it('is what the moved features read, the outcome for losses, the records as a whole for a source that stopped', () => {
    const [feature] = pipeline.features;
    const sources = sourcesOf(pipeline, 'drift', [feature?.name ?? '', 'score']);
    expect(sources).toHaveLength(1);
    expect(sources[0]).toMatch(/^default\/[a-z-]+\.[a-z_]+$/);
    expect(sourcesOf(pipeline, 'performance', [])).toEqual([`${pipeline.label.dataSet}.${pipeline.label.column}`]);
    expect(sourcesOf(pipeline, 'data', [])).toEqual([`${pipeline.predict.dataSet}.*`]);
    expect(sourcesOf(pipeline, 'drift', ['score'])).toEqual([]);
    expect(sourcesOf(pipeline, 'fairness', [])).toEqual([]);
  });
});

describe('a change that several pipelines see', () => {
  const windowMs = 86_400_000;

  it('is one when it is of the same kind and source and began within two windows', () => {
    expect(isOneChange(drift, { ...drift, changePoint: day(12) }, windowMs)).toBe(true);
    expect(isOneChange(drift, { ...drift, sources: ['default/flights.delay', 'default/flights.origin'] }, windowMs)).toBe(true);
  });

  it('is another one when it is of another kind, source or time', () => {
    expect(isOneChange(drift, { ...drift, kind: 'data' }, windowMs)).toBe(false);
    expect(isOneChange(drift, { ...drift, sources: ['default/flights.distance'] }, windowMs)).toBe(false);
    expect(isOneChange(drift, { ...drift, changePoint: day(13) }, windowMs)).toBe(false);
    expect(isOneChange({ ...drift, sources: [] }, { ...drift, sources: [] }, windowMs)).toBe(false);
  });
});
