import { runValueSqlOf } from './run-filter-sql.js';
import { invalidArgument } from './tracking-arguments.js';

const clause = /^\s*(?:(attribute|attributes|attr|run|metrics?|params?|parameters?|tags?)\.)?(?:`([^`]+)`|"([^"]+)"|([\w.\-/]+))(?:\s+(asc|desc))?\s*$/i;

/** MLflow's order: the given clauses (NaN and missing values last), then the newest first. */
export function orderSqlOf(orderBy: unknown, parameters: unknown[]): string {
  const clauses = Array.isArray(orderBy) ? orderBy : [];
  return [...clauses.map((text) => orderOf(String(text), parameters)), 'runs.start_time desc', 'runs.run_id'].join(', ');
}

function orderOf(text: string, parameters: unknown[]): string {
  const found = clause.exec(text);
  if (!found) throw invalidArgument(`Invalid order_by clause '${text}'`);
  const prefix = (found[1] ?? 'attribute').toLowerCase();
  const entity = prefix.startsWith('metric') ? 'metric' : prefix.startsWith('param') ? 'param' : prefix.startsWith('tag') ? 'tag' : 'attribute';
  const value = runValueSqlOf(entity, found[2] ?? found[3] ?? found[4] ?? '', parameters);
  const direction = found[5]?.toLowerCase() === 'desc' ? 'desc' : 'asc';
  const comparable = entity === 'metric' ? `nullif(${value}, 'NaN'::double precision)` : value;
  return `${comparable} ${direction} nulls last`;
}
