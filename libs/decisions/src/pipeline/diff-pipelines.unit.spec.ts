import { diffPipelines } from './diff-pipelines.js';
import { SMALLEST_FILE, pipelineOf } from './flights.fixture.js';

const before = pipelineOf(SMALLEST_FILE);

describe('the difference between two versions', () => {
  it('is empty for the same pipeline, also when a store has reordered its fields', () => {
    const reordered = JSON.parse(JSON.stringify(before, Object.keys(flat(before)).sort().reverse())) as typeof before;
    expect(diffPipelines(reordered, before)).toEqual([]);
  });

  it('names each field that changed, its values and what follows', () => {
    const after = pipelineOf(SMALLEST_FILE.replace('window: 1h', 'window: 2h, every: 1m').replace('above: 15', 'above: 20'));
    expect(diffPipelines(before, after)).toEqual([
      { path: 'features.origin_mean_delay_1h.windowMs', before: 3_600_000, after: 7_200_000, effect: expect.stringContaining('feature view') },
      { path: 'label.above', before: 15, after: 20, effect: expect.stringContaining('losses') },
    ]);
  });

  it('shows a feature that was added or dropped as a whole', () => {
    const after = pipelineOf(SMALLEST_FILE.replace('hour: { hourOf', 'weekday: { weekdayOf'));
    expect(diffPipelines(before, after)).toMatchObject([
      { path: 'features.hour', before: { kind: 'hourOf' }, after: null },
      { path: 'features.weekday', before: null, after: { kind: 'weekdayOf' } },
    ]);
  });

  it('shows that features were reordered, as the model takes them in order', () => {
    const [first, second, ...rest] = before.features;
    const after = { ...before, features: [second, first, ...rest].flatMap((feature) => feature ?? []) };
    expect(diffPipelines(before, after)).toMatchObject([{ path: 'features', before: ['hour', 'distance', 'origin', 'origin_mean_delay_1h'] }]);
  });

  it('is one line for a new pipeline', () => {
    expect(diffPipelines(null, before)).toEqual([{ path: '', before: null, after: 'default/flight-delays', effect: 'a new pipeline' }]);
  });
});

/** Every field name that occurs anywhere, for `JSON.stringify`. */
function flat(value: unknown): Record<string, true> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([name, member]) => ({ [name]: true, ...flat(member) }))) as Record<string, true>;
}
