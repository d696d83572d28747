/** Fields of one protobuf message: numbers and bytes by field number, in order. Groups and 32-bit floats are not among what OTLP sends. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Buffer)[]>;

/** Takes a message apart without its schema. Throws for bytes that are no message. */
export function protobufFields(bytes: Buffer): ProtobufFields {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('The message ends within a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const read = new Map<number, () => bigint | Buffer>([[0, varint], [1, () => take(8)], [2, () => take(Number(varint()))], [5, () => take(4)]]).get(tag & 7);
    if (read === undefined) throw new Error(`Wire type ${tag & 7} is unknown`);
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), read()]);
  }
  return fields;
}
