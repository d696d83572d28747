import { invalidArgument } from './tracking-arguments.js';

/** One comparison of a filter such as `metrics.auc > 0.7 and params."max depth" = '3'`. */
export interface RunComparison {
  entity: 'metric' | 'param' | 'tag' | 'attribute';
  key: string;
  operator: '>' | '>=' | '<' | '<=' | '=' | '!=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';
  value: number | string | string[] | null;
}

const entities: Record<string, RunComparison['entity']> = {
  metric: 'metric', metrics: 'metric', param: 'param', params: 'param', parameter: 'param', parameters: 'param', tag: 'tag', tags: 'tag',
  attribute: 'attribute', attributes: 'attribute', attr: 'attribute', run: 'attribute',
};
const left = /^\s*(?:(?<entity>[a-z]+)\.)?(?:`(?<ticked>[^`]+)`|"(?<quoted>[^"]+)"|(?<plain>[\w.\-/]+))\s*/i;
const operator = /^(>=|<=|!=|>|<|=|not\s+in|in|ilike|like|is\s+not\s+null|is\s+null)(?![\w=])\s*/i;
const text = /^(?:'([^']*)'|"([^"]*)")\s*/;
const list = /^\(((?:\s*(?:'[^']*'|"[^"]*")\s*,?)+)\)\s*/;
const number = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*/i;
const conjunction = /^and\s+/i;

/** Parses MLflow's filter grammar: comparisons joined by AND. Throws `invalid-tracking-call`. */
export function parseRunFilter(filter: string): RunComparison[] {
  const comparisons: RunComparison[] = [];
  let rest = filter.trim();
  while (rest !== '') {
    const { comparison, after } = readComparison(rest);
    comparisons.push(comparison);
    const and = conjunction.exec(after);
    if (!and && after !== '') throw invalidArgument(`Invalid clause(s) in filter string: '${after}'`);
    rest = and ? after.slice(and[0].length) : '';
    if (and && rest === '') throw invalidArgument('The filter ends with AND');
  }
  return comparisons;
}

function readComparison(input: string): { comparison: RunComparison; after: string } {
  const name = left.exec(input);
  const entity = name?.groups?.['entity'] === undefined ? 'attribute' : entities[name.groups['entity'].toLowerCase()];
  if (!name || !entity) throw invalidArgument(`Invalid clause(s) in filter string: '${input}'`);
  const key = name.groups?.['ticked'] ?? name.groups?.['quoted'] ?? name.groups?.['plain'] ?? '';
  let after = input.slice(name[0].length);
  const found = operator.exec(after);
  if (!found) throw invalidArgument(`Invalid comparator in '${input}'`);
  const operation = (found[1] ?? '').toUpperCase().replace(/\s+/g, ' ') as RunComparison['operator'];
  after = after.slice(found[0].length);
  if (operation === 'IS NULL' || operation === 'IS NOT NULL') return { comparison: { entity, key, operator: operation, value: null }, after };
  const value = readValue(after, operation, input);
  return { comparison: { entity, key, operator: operation, value: value.value }, after: after.slice(value.length) };
}

function readValue(input: string, operation: RunComparison['operator'], clause: string): { value: number | string | string[]; length: number } {
  const pattern = operation === 'IN' || operation === 'NOT IN' ? list : /^['"]/.test(input) ? text : number;
  const found = pattern.exec(input);
  if (!found) throw invalidArgument(`Invalid value in '${clause}': strings need quotes`);
  if (pattern === list) return { value: [...(found[1] ?? '').matchAll(/'([^']*)'|"([^"]*)"/g)].map((item) => item[1] ?? item[2] ?? ''), length: found[0].length };
  if (pattern === text) return { value: found[1] ?? found[2] ?? '', length: found[0].length };
  return { value: Number(found[1]), length: found[0].length };
}
