import type { RunComparison } from './run-filter.js';
import { invalidArgument } from './tracking-arguments.js';

const numeric = ['>', '>=', '<', '<=', '=', '!='];
const textual = ['=', '!=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'];

/** Columns of run attributes, and whether they are numbers. */
export const runAttributes: Readonly<Record<string, { sql: string; isNumber: boolean }>> = {
  run_id: { sql: 'runs.run_id', isNumber: false },
  run_name: { sql: 'runs.run_name', isNumber: false },
  'Run name': { sql: 'runs.run_name', isNumber: false },
  user_id: { sql: 'runs.user_id', isNumber: false },
  status: { sql: 'runs.status', isNumber: false },
  artifact_uri: { sql: `('mlflow-artifacts:/' || runs.experiment_id || '/' || runs.run_id || '/artifacts')`, isNumber: false },
  start_time: { sql: 'runs.start_time', isNumber: true },
  created: { sql: 'runs.start_time', isNumber: true },
  end_time: { sql: 'runs.end_time', isNumber: true },
};

/** The value that a comparison or an order is about, as SQL over `tracking_runs runs`. Appends to `parameters` what it needs. */
export function runValueSqlOf(entity: RunComparison['entity'], key: string, parameters: unknown[]): string {
  if (entity === 'attribute') {
    const attribute = runAttributes[key];
    if (!attribute) throw invalidArgument(`Invalid attribute key '${key}'. Valid keys are ${Object.keys(runAttributes).join(', ')}`);
    return attribute.sql;
  }
  const place = `$${parameters.push(key)}`;
  if (entity === 'metric') {
    return `(select value from tracking_metrics where run_id = runs.run_id and key = ${place} order by step desc, timestamp desc, value desc limit 1)`;
  }
  return `(select value from tracking_${entity}s where run_id = runs.run_id and key = ${place})`;
}

/** A condition over `tracking_runs runs`. Throws `invalid-tracking-call` for an operator that does not fit. */
export function whereSqlOf({ entity, key, operator, value }: RunComparison, parameters: unknown[]): string {
  const isNumber = entity === 'metric' || (entity === 'attribute' && runAttributes[key]?.isNumber === true);
  const isList = operator === 'IN' || operator === 'NOT IN';
  if (isList && !(entity === 'attribute' && key === 'run_id')) throw invalidArgument(`${operator} is for run_id only`);
  const allowed = isNumber ? numeric : textual;
  if (!isList && !allowed.includes(operator)) throw invalidArgument(`Invalid comparator '${operator}' not one of '${allowed.join(', ')}'`);
  if (!isList && value !== null && (typeof value === 'number') !== isNumber) {
    throw invalidArgument(isNumber ? `Expected a number for '${key}'` : `Expected a quoted string value for '${key}'`);
  }
  const sql = runValueSqlOf(entity, key, parameters);
  if (value === null) return `${sql} ${operator}`;
  const place = `$${parameters.push(value)}`;
  if (isList) return `${operator === 'NOT IN' ? 'not ' : ''}(${sql} = any(${place}::text[]))`;
  return `${sql} ${operator} ${place}${isNumber ? '::double precision' : '::text'}`;
}
