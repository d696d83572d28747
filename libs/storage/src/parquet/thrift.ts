/** A value in Thrift's compact protocol, which Parquet's headers and footers are written in. */
export interface ThriftValue {
  /** The protocol's number of the type. */
  type: number;
  bytes: Buffer;
}

const [TRUE, FALSE, I32, I64, BINARY, LIST, STRUCT] = [1, 2, 5, 6, 8, 9, 12] as const;
const longestShortList = 14;
const noBytes = Buffer.alloc(0);

export function i32(value: number): ThriftValue {
  return { type: I32, bytes: varint(2 * value) };
}

/** @param value not negative, below 2^52 */
export function i64(value: number): ThriftValue {
  return { type: I64, bytes: varint(2 * value) };
}

/** The value of a truth is in its type; only as a field. */
export function bool(value: boolean): ThriftValue {
  return { type: value ? TRUE : FALSE, bytes: noBytes };
}

export function binary(value: string | Uint8Array): ThriftValue {
  const bytes = Buffer.from(value as string);
  return { type: BINARY, bytes: Buffer.concat([varint(bytes.length), bytes]) };
}

/** Of values of one type; there must be one. */
export function list(values: readonly ThriftValue[]): ThriftValue {
  const type = values[0]?.type ?? STRUCT;
  const head = values.length <= longestShortList ? Buffer.of((values.length << 4) | type) : Buffer.concat([Buffer.of(0xf0 | type), varint(values.length)]);
  return { type: LIST, bytes: Buffer.concat([head, ...values.map(({ bytes }) => bytes)]) };
}

/** Fields by their numbers, which must grow by less than 16; those that are undefined are left out. */
export function struct(fields: readonly (readonly [number, ThriftValue | undefined])[]): ThriftValue {
  const parts: Buffer[] = [];
  let last = 0;
  for (const [id, value] of fields) {
    if (!value) continue;
    parts.push(Buffer.of(((id - last) << 4) | value.type), value.bytes);
    last = id;
  }
  return { type: STRUCT, bytes: Buffer.concat([...parts, Buffer.of(0)]) };
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
