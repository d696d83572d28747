import { SMALLEST_FILE, pipelineOf } from './flights.fixture.js';
import { parsePipeline } from './parse-pipeline.js';

const DAY_MS = 86_400_000;

function flawsOf(source: string): string[] {
  return (parsePipeline(source).errors ?? []).map((flaw) => `${flaw.line} ${flaw.path} ${flaw.code}: ${flaw.message}`);
}

function changed(from: string, to: string): string {
  expect(SMALLEST_FILE).toContain(from);
  return SMALLEST_FILE.replace(from, () => to);
}

describe('the smallest pipeline file', () => {
  it('has at most 25 lines', () => {
    expect(SMALLEST_FILE.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  });

  it('gets a default for everything it leaves out', () => {
    const pipeline = pipelineOf(SMALLEST_FILE);
    expect(pipeline).toMatchObject({
      id: 'default/flight-delays',
      description: '',
      owners: { data: null, model: null },
      predict: { dataSet: 'default/flights' },
      label: { dataSet: 'default/flight-outcomes', above: 15, task: 'binary-classification', maturesAfterMs: DAY_MS },
      training: { source: '.', code: null, command: ['python', 'train.py'], seed: 1, windowMs: 60 * DAY_MS },
      evaluation: { metric: 'log-loss', gates: { minimum: {}, gain: { alpha: 0.1 }, referenceLoss: 0.02 } },
      rollout: { shadow: { predictions: 1000 }, bakeMs: DAY_MS },
      serving: { logging: 'best-effort' },
      monitoring: { windowMs: DAY_MS, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 30 * DAY_MS } },
      approval: { firstVersion: 'automatic', next: 'automatic', secondPerson: false },
    });
  });

  it('counts features over outcomes by the time they became known, in sixtieths of the window', () => {
    expect(pipelineOf(SMALLEST_FILE).features[3]).toEqual({
      name: 'origin_mean_delay_1h', kind: 'aggregate', aggregate: 'mean', dataSet: 'default/flight-outcomes', column: 'delay_minutes', by: 'origin', on: 'origin',
      windowMs: 3_600_000, everyMs: 60_000, time: 'knownAt', type: 'double', nullable: true,
    });
  });

  it('takes the event time as the time of knowledge where none is declared', () => {
    expect(pipelineOf(SMALLEST_FILE).dataSets[0]).toMatchObject({ id: 'default/flights', eventTimeColumn: 'departed_at', knownAtColumn: 'departed_at' });
  });

  it('belongs to the project that is asked for', () => {
    expect(parsePipeline(SMALLEST_FILE, { project: 'airline' }).pipeline?.label.dataSet).toBe('airline/flight-outcomes');
  });
});

describe('a full pipeline file', () => {
  const full = `${SMALLEST_FILE}description: Late?
owners: { data: data@example.com, model: model@example.com }
evaluation: { holdOut: 4d, block: day, metric: log-loss, gates: { minimum: { roc-auc: 0.6 }, maximum: { log-loss: 0.6 }, gain: { alpha: 0.05 }, referenceLoss: 0.03 } }
rollout: { shadow: { predictions: 1500, margin: 0.02 }, canary: [{ traffic: 10%, predictions: 300 }, { traffic: 0.5, predictions: 600 }], bake: 1d12h, shadowPredecessor: 3000 }
serving: { logging: durable }
monitoring: { window: 1d, alarmAfter: 1, of: 2, falseAlarms: 0.5 per 10d }
reactions: { drift: alert, performance: retrain, coolDown: 3d }
approval: { firstVersion: person, next: automatic, secondPerson: true }
`;

  it('is read as it stands', () => {
    expect(pipelineOf(full)).toMatchObject({
      evaluation: { holdOutMs: 4 * DAY_MS, gates: { minimum: { 'roc-auc': 0.6 }, maximum: { 'log-loss': 0.6 } } },
      rollout: { canary: [{ trafficRatio: 0.1, predictions: 300 }, { trafficRatio: 0.5, predictions: 600 }], bakeMs: 1.5 * DAY_MS },
      monitoring: { falseAlarms: { count: 0.5, perMs: 10 * DAY_MS } },
      reactions: { drift: 'alert', coolDownMs: 3 * DAY_MS },
      approval: { firstVersion: 'person', secondPerson: true },
    });
  });

  it('holds record expectations and segment checks', () => {
    const source = changed(
      'origin: string, distance_miles: double }',
      "origin: { type: string, matches: '^[A-Z]{3}$' }, distance_miles: { type: double, from: 1, to: 6000, failure: warn, optional: true } }\n    segmentChecks: { minRows: 1, maxNullShare: { distance_miles: 10% }, mean: { distance_miles: { from: 100 } } }",
    );
    const [flights] = pipelineOf(source).dataSets;
    expect(flights?.columns[3]).toEqual({ name: 'distance_miles', type: 'double', optional: true, from: 1, to: 6000, matches: null, oneOf: null, failure: 'warn' });
    expect(flights?.segmentChecks).toEqual([
      { measure: 'rows', column: null, from: 1, to: null, failure: 'reject' },
      { measure: 'nullShare', column: 'distance_miles', from: null, to: 0.1, failure: 'reject' },
      { measure: 'mean', column: 'distance_miles', from: 100, to: null, failure: 'reject' },
    ]);
  });
});

describe('a file with mistakes', () => {
  it('is answered with every mistake at once, each with its line and path', () => {
    const source = SMALLEST_FILE.replace('maturesAfter', 'maturesAftr').replace('hourOf: departed_at', 'hourOf: departd_at').replace('window: 1h', 'window: 1 hour').replace('above: 15', 'above: late');
    expect(flawsOf(source)).toEqual([
      '14 features.hour.hourOf unknown-column: There is no column "departd_at"; did you mean "departed_at"?',
      '17 features.origin_mean_delay_1h.window invalid-value: This must be a duration such as 30s, 15m, 1h, 4d or 1d12h, not "1 hour"',
      '18 label.maturesAfter missing-field: "maturesAfter" is missing',
      '18 label.above wrong-type: This must be a number',
      '18 label.maturesAftr unknown-field: There is no field "maturesAftr" here; did you mean "maturesAfter"?',
    ]);
  });

  it.each<[string, string, string, string]>([
    ['a misspelled section', 'training:', 'trainning:', 'did you mean "training"?'],
    ['a type that does not exist', 'origin: string, distance', 'origin: text, distance', 'This must be string, double, long, boolean or timestamp, not "text"'],
    ['an aggregate over an unknown data set', 'from: flight-outcomes', 'from: flight-outcome', 'did you mean "flight-outcomes"?'],
    ['a mean of texts', 'mean: delay_minutes', 'mean: origin', 'Column "origin" is string; this takes double or long'],
    ['a label that is no number', 'column: delay_minutes', 'column: origin', 'Column "origin" is string; this takes double, long or boolean'],
    ['a window that its tiles do not fill', 'window: 1h', 'window: 1h, every: 7m', 'The window (1h) is not a whole number of 7m'],
    ['a window of too many tiles', 'window: 1h', 'window: 30d, every: 1m', 'at most 1440'],
    ['a reserved column', 'distance_miles: double', 'distance_miles: double, _offset: long', '"_offset" is reserved'],
    ['a reserved feature', 'hour: {', 'label: {', '"label" is reserved'],
    ['a feature that is two things', 'hourOf: departed_at', 'hourOf: departed_at, column: origin', 'A feature is one thing; this says column and hourOf'],
    ['a feature that is nothing', 'hour: { hourOf: departed_at }', 'hour: {}', 'Say what the feature is'],
    ['an empty value', 'maturesAfter: 1d', 'maturesAfter: ', 'This is empty'],
    ['a field that stands twice', 'above: 15', 'above: 15, above: 16', 'a second time'],
    ['a source outside the directory', 'training: { ', 'training: { source: ../other, ', 'at or below'],
    ['a key that is no column', 'key: flight_id\n    eventTime: departed_at\n    columns', 'key: id\n    eventTime: departed_at\n    columns', 'There is no column "id"'],
    ['a pattern that is none', 'flight_id: string, departed_at', "flight_id: { type: string, matches: '(' }, departed_at", 'This is not a regular expression'],
    ['a pipeline name with capitals', 'pipeline: flight-delays', 'pipeline: Flights', '"Flights" cannot name a pipeline'],
  ])('names %s', (_what, from, to, sentence) => {
    expect(flawsOf(changed(from, to)).join('\n')).toContain(sentence);
  });

  it('reads a loop that proves in shadow, tries windows and keeps a schedule, and refuses what would never run', () => {
    const file = `${SMALLEST_FILE.replace('command: [python, train.py]', 'command: [python, train.py], windows: [all, since-change, last 3d, weighted 7d]')}evaluation: { gates: { gain: { alpha: 0.1, atLeast: -0.01, shownIn: shadow, block: 3h } } }\nreactions: { every: 4d }\n`;
    expect(pipelineOf(file)).toMatchObject({
      training: { windows: [{ kind: 'all' }, { kind: 'since-change' }, { kind: 'last', ms: 3 * DAY_MS }, { kind: 'weighted', ms: 7 * DAY_MS }] },
      evaluation: { gates: { gain: { alpha: 0.1, atLeast: -0.01, shownIn: 'shadow', blockMs: DAY_MS / 8 } } },
      reactions: { everyMs: 4 * DAY_MS },
    });
    expect(flawsOf(file.replace('last 3d', 'last'))).toEqual([expect.stringContaining('A training window is all, since-change')]);
    expect(flawsOf(file.replace(', shownIn: shadow', '')).length).toBe(2);
    expect(flawsOf(`${file}rollout: { shadow: { predictions: 0 } }\n`)).toEqual([expect.stringContaining('shadow needs predictions')]);
  });

  it('refuses a regression that does not say how much loss it may lose', () => {
    expect(flawsOf(changed(', above: 15', ''))).toEqual([
      expect.stringContaining('evaluation.gates.referenceLoss missing-field'),
      expect.stringContaining('rollout.shadow.margin missing-field'),
    ]);
  });

  it.each(['', 'just text', '[1, 2]', 'pipeline: [', 'a: 1\n---\nb: 2', '\t- x'])('never throws, whatever the text: %j', (source) => {
    expect(flawsOf(source).length).toBeGreaterThan(0);
  });
});
