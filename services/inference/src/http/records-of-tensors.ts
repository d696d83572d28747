import { MillraceError } from '@millrace/contracts';
import type { ServingSpec, Tensor } from '@millrace/contracts';

type Datatype = Tensor['datatype'];

/** Datatypes in which each column type may come; the first is the one that metadata names. */
const DATATYPES: Record<ServingSpec['columns'][number]['type'], readonly Datatype[]> = {
  string: ['BYTES'],
  timestamp: ['BYTES'],
  double: ['FP64', 'FP32', 'INT64', 'INT32', 'INT16', 'INT8', 'UINT64', 'UINT32', 'UINT16', 'UINT8'],
  long: ['INT64', 'INT32', 'INT16', 'INT8', 'UINT64', 'UINT32', 'UINT16', 'UINT8'],
  boolean: ['BOOL'],
};

/** The datatype in which a column is best sent. */
export function datatypeOf(type: ServingSpec['columns'][number]['type']): Datatype {
  return DATATYPES[type][0] ?? 'BYTES';
}

/** As many as a plain request may ask for. */
const MOST_ROWS = 10_000;

/**
 * One record per row of the inputs, which are columns of shape [n] or [n, 1]. Errors: `invalid-features` for inputs that do not fit together, come twice or have the wrong datatype,
 * `payload-too-large` for more than 10,000 rows.
 */
export function recordsOfTensors(columns: ServingSpec['columns'], inputs: readonly Tensor[]): Record<string, unknown>[] {
  const [first] = inputs;
  const rows = first === undefined ? 0 : valuesOf(first).length;
  if (rows > MOST_ROWS) throw new MillraceError('payload-too-large', `The request has ${rows} rows, at most ${MOST_ROWS} are answered at once`);
  const records: Record<string, unknown>[] = Array.from({ length: rows }, () => ({}));
  const seen = new Set<string>();
  for (const input of inputs) {
    if (seen.has(input.name)) refuse(input, 'comes twice');
    seen.add(input.name);
    const column = columns.find((candidate) => candidate.name === input.name);
    if (column && !DATATYPES[column.type].includes(input.datatype)) refuse(input, `is ${input.datatype}, takes ${datatypeOf(column.type)}`);
    const values = valuesOf(input);
    if (values.length !== rows) refuse(input, `has ${values.length} rows, the first input has ${rows}`);
    values.forEach((value, row) => {
      const record = records[row];
      if (record && value !== null) record[input.name] = value;
    });
  }
  return records;
}

function valuesOf(input: Tensor): unknown[] {
  const { shape, data } = input;
  const values = (data as unknown[]).flat();
  const isColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isColumn || values.length !== shape[0]) refuse(input, `must have the shape [n] or [n, 1] and as many elements; it has [${shape.join(', ')}] and ${values.length}`);
  return values;
}

function refuse({ name }: Tensor, problem: string): never {
  throw new MillraceError('invalid-features', `Input "${name}" ${problem}`, { errors: [{ path: `inputs.${name}`, message: problem }] });
}
