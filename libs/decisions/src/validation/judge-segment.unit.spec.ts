import type { Profile, SegmentCheck } from '@millrace/contracts';
import { judgeSegment } from './judge-segment.js';

const profile: Profile = { rows: 100, columns: { distance: { type: 'double', count: 90, nulls: 10, distinct: 80, mean: 500 }, origin: { type: 'string', count: 100, nulls: 0, distinct: 2 } } };
const check = (measure: SegmentCheck['measure'], column: string | null, from: number | null, to: number | null, failure: SegmentCheck['failure'] = 'reject'): SegmentCheck => ({ measure, column, from, to, failure });
const judge = (checks: SegmentCheck[], given = profile) => judgeSegment({ profile: given, duplicateShares: { origin: 0.98 } }, checks);

describe('the checks of a segment', () => {
  it('accept a segment in which every measure lies within its bounds, both inclusive', () => {
    expect(judge([check('rows', null, 100, null), check('nullShare', 'distance', null, 0.1), check('mean', 'distance', 500, 500), check('distinct', 'origin', 2, 2), check('duplicateShare', 'origin', null, 0.98)])).toMatchObject({ accepted: true });
  });

  it.each([
    [check('rows', null, 101, null), { check: 'rows', measured: 100, bound: '101 to …', detail: 'rows is 100, allowed is 101 to …' }],
    [check('nullShare', 'distance', null, 0.05), { check: 'nullShare(distance)', measured: 0.1 }],
    [check('mean', 'distance', 600, 900), { check: 'mean(distance)', measured: 500 }],
    [check('distinct', 'origin', null, 1), { check: 'distinct(origin)', measured: 2 }],
    [check('duplicateShare', 'origin', null, 0), { check: 'duplicateShare(origin)', measured: 0.98 }],
  ])('reject a segment by %j', (broken, finding) => {
    expect(judge([check('rows', null, 1, null), broken])).toMatchObject({ accepted: false, checks: [{ passed: true }, { passed: false, ...finding }] });
  });

  it('accept a segment that breaks only warnings, and say so', () => {
    expect(judge([check('mean', 'distance', 600, null, 'warn')])).toMatchObject({ accepted: true, checks: [{ passed: false, detail: 'mean(distance) is 500, allowed is 600 to … (a warning)' }] });
  });

  it('find nothing wrong in what cannot be measured', () => {
    expect(judge([check('mean', 'origin', 1, 2), check('nullShare', 'distance', null, 0)], { rows: 0, columns: profile.columns })).toMatchObject({ accepted: true, checks: [{ measured: null }, { measured: null }] });
  });
});
