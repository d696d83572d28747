import fc from 'fast-check';
import { topicRecordsOf } from './topic-records.js';

const rows = fc.array(fc.record({ aggregatetype: fc.constantFrom('t1', 't2', 't3'), aggregateid: fc.constantFrom('a', 'b') }), { maxLength: 50 }).map((parts) =>
  parts.map((part, position) => ({ ...part, position, type: 'x', payload: String(position), headers: {}, traceparent: null })),
);

describe('the order of the relay', () => {
  it('is the order of positions for every topic and key, and nothing is left out', () => {
    fc.assert(
      fc.property(rows, (batch) => {
        const sent = topicRecordsOf(batch, []);
        for (const topic of ['t1', 't2', 't3']) {
          const values = sent.filter((one) => one.topic === topic).flatMap(({ records }) => records.map(({ value }) => value));
          expect(values).toEqual(batch.filter(({ aggregatetype }) => aggregatetype === topic).map(({ payload }) => payload));
        }
      }),
    );
  });

  it('gives each record the trace of its row', () => {
    const [row] = [{ position: 1, aggregatetype: 't', aggregateid: 'a', type: 'x', payload: null, headers: { ce_id: '1' }, traceparent: 'old' }];
    expect(topicRecordsOf([row], ['new'])[0]?.records[0]).toEqual({ key: 'a', value: null, headers: { ce_id: '1', traceparent: 'new' } });
  });
});
