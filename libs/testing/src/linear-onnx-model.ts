/** One input of the model: a number times a weight, or a category looked up among weights (0 for any other). */
export interface LinearInput {
  name: string;
  type: 'double' | 'string' | 'long';
  weight?: number;
  weights?: Record<string, number>;
}

export interface LinearModel {
  inputs: readonly LinearInput[];
  bias?: number;
  /** `probability` answers `probabilities` [n, 2] through a sigmoid, `value` answers `variable` [n, 1]. */
  output: 'probability' | 'value';
}

const FLOAT = 1;
const INT64 = 7;
const STRING = 8;

/** A tiny valid ONNX file (protobuf written by hand, fields of onnx.proto3): so tests need neither Python nor a binary in the repository. */
export function linearOnnxModel({ inputs, bias = 0, output }: LinearModel): Uint8Array {
  const nodes = inputs.flatMap((input, index) => termNodes(input, index));
  nodes.push(node('Sum', [...inputs.map((_, index) => `term_${index}`), 'bias'], 'sum'));
  if (output === 'value') nodes.push(node('Identity', ['sum'], 'variable'));
  else {
    nodes.push(node('Sigmoid', ['sum'], 'positive'), node('Sub', ['one', 'positive'], 'negative'));
    nodes.push(node('Concat', ['negative', 'positive'], 'probabilities', [message(5, text(1, 'axis'), varint(3, 1), varint(20, 2))]));
  }
  const constants = [floatTensor('bias', bias), floatTensor('one', 1), ...inputs.flatMap((input, index) => (input.type === 'string' ? [] : [floatTensor(`weight_${index}`, input.weight ?? 1)]))];
  const graph = message(
    7,
    ...nodes,
    text(2, 'linear'),
    ...constants,
    ...inputs.map((input) => valueInfo(11, input.name, { double: FLOAT, long: INT64, string: STRING }[input.type], 1)),
    output === 'value' ? valueInfo(12, 'variable', FLOAT, 1) : valueInfo(12, 'probabilities', FLOAT, 2),
  );
  return Buffer.concat([varint(1, 8), graph, message(8, text(1, ''), varint(2, 17)), message(8, text(1, 'ai.onnx.ml'), varint(2, 2))]);
}

function termNodes(input: LinearInput, index: number): Buffer[] {
  if (input.type === 'string') {
    const entries = Object.entries(input.weights ?? {});
    const keys = message(5, text(1, 'keys_strings'), ...entries.map(([key]) => text(9, key)), varint(20, 8));
    const values = message(5, text(1, 'values_floats'), ...entries.map(([, value]) => float(7, value)), varint(20, 6));
    const otherwise = message(5, text(1, 'default_float'), float(2, 0), varint(20, 1));
    return [node('LabelEncoder', [input.name], `term_${index}`, [keys, values, otherwise, text(7, 'ai.onnx.ml')])];
  }
  const product = node('Mul', [input.type === 'long' ? `cast_${index}` : input.name, `weight_${index}`], `term_${index}`);
  if (input.type === 'double') return [product];
  return [node('Cast', [input.name], `cast_${index}`, [message(5, text(1, 'to'), varint(3, FLOAT), varint(20, 2))]), product];
}

function node(operator: string, inputs: readonly string[], output: string, rest: readonly Buffer[] = []): Buffer {
  return message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...rest);
}

function floatTensor(name: string, value: number): Buffer {
  return message(5, varint(1, 1), varint(2, FLOAT), float(4, value), text(8, name));
}

function valueInfo(field: number, name: string, elementType: number, width: number): Buffer {
  const shape = message(2, message(1, text(2, 'n')), message(1, varint(1, width)));
  return message(field, text(1, name), message(2, message(1, varint(1, elementType), shape)));
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([rawVarint((field << 3) | 2), rawVarint(body.length), body]);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}

function varint(field: number, value: number): Buffer {
  return Buffer.concat([rawVarint(field << 3), rawVarint(value)]);
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([rawVarint((field << 3) | 5), bytes]);
}

function rawVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
