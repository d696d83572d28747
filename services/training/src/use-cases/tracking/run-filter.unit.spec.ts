import { parseRunFilter } from './run-filter.js';
import { whereSqlOf } from './run-filter-sql.js';

describe('the filter of searched runs', () => {
  it.each([
    ['', []],
    ['metrics.auc > 0.7', [{ entity: 'metric', key: 'auc', operator: '>', value: 0.7 }]],
    [`params."max depth" = '3' and tags.\`mlflow.user\` != "x"`, [
      { entity: 'param', key: 'max depth', operator: '=', value: '3' },
      { entity: 'tag', key: 'mlflow.user', operator: '!=', value: 'x' },
    ]],
    [`status = 'FINISHED' AND start_time >= 1600000000000`, [
      { entity: 'attribute', key: 'status', operator: '=', value: 'FINISHED' },
      { entity: 'attribute', key: 'start_time', operator: '>=', value: 1600000000000 },
    ]],
    [`run_id IN ('a', 'b')`, [{ entity: 'attribute', key: 'run_id', operator: 'IN', value: ['a', 'b'] }]],
    ['tags.team IS NOT NULL', [{ entity: 'tag', key: 'team', operator: 'IS NOT NULL', value: null }]],
    [`tags.name ILIKE '%x%'`, [{ entity: 'tag', key: 'name', operator: 'ILIKE', value: '%x%' }]],
  ])('reads %s', (filter, comparisons) => {
    expect(parseRunFilter(filter)).toEqual(comparisons);
  });

  it.each([`metrics.auc >> 1`, `colour.x = 'y'`, `metrics.auc > 1 or metrics.auc < 0`, `params.x = 3 and`, 'params.x = y'])('refuses %s', (filter) => {
    expect(() => parseRunFilter(filter)).toThrow(expect.objectContaining({ code: 'invalid-tracking-call' }));
  });

  it('refuses operators that do not fit, and never puts a value into the SQL text', () => {
    expect(() => whereSqlOf({ entity: 'metric', key: 'auc', operator: 'LIKE', value: 'x' }, [])).toThrow();
    expect(() => whereSqlOf({ entity: 'param', key: 'x', operator: '=', value: 3 }, [])).toThrow();
    const parameters: unknown[] = [];
    expect(whereSqlOf({ entity: 'tag', key: `k'`, operator: '=', value: `v'` }, parameters)).not.toContain(`'`);
    expect(parameters).toEqual([`k'`, `v'`]);
  });
});
