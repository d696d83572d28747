import { SMALLEST_FILE, pipelineOf } from './flights.fixture.js';
import { predictionDataSet } from './prediction-data-set.js';
import { haveSameFeatureView, servingSpecOf } from './serving-spec.js';

const pipeline = pipelineOf(SMALLEST_FILE);

test('callers need to send the key and what features use; without an event time it is now', () => {
  const spec = servingSpecOf({ ...pipeline, features: pipeline.features.filter((feature) => feature.name !== 'distance') }, { view: pipeline.id, version: 1 });
  expect(spec.columns).toEqual([
    { name: 'flight_id', type: 'string', optional: false },
    { name: 'departed_at', type: 'timestamp', optional: true },
    { name: 'origin', type: 'string', optional: false },
    { name: 'distance_miles', type: 'double', optional: true },
  ]);
  expect(spec.signature.inputs.map((input) => input.name)).toEqual(['hour', 'origin', 'origin_mean_delay_1h']);
});

test('a change of gates leaves the feature view as it is, a change of a window does not', () => {
  expect(haveSameFeatureView(pipeline, pipelineOf(SMALLEST_FILE.replace('above: 15', 'above: 20')))).toBe(true);
  expect(haveSameFeatureView(pipeline, pipelineOf(SMALLEST_FILE.replace('window: 1h', 'window: 2h')))).toBe(false);
});

test('the prediction log holds the features as served, and counts by the time a prediction was asked for', () => {
  const log = predictionDataSet(pipeline);
  expect(log).toMatchObject({ id: 'default/flight-delays.predictions', keyColumn: 'key', eventTimeColumn: 'event_time', knownAtColumn: 'event_time' });
  expect(log.columns.slice(-4).map(({ name, type, optional }) => [name, type, optional])).toEqual([
    ['f_hour', 'long', true],
    ['f_distance', 'double', true],
    ['f_origin', 'string', true],
    ['f_origin_mean_delay_1h', 'double', true],
  ]);
});
