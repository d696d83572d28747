/** Reads Kafka's variable-length integers (zigzag, seven bits a byte, lowest first). */
export class VarintReader {
  constructor(
    public bytes: Uint8Array,
    public position = 0,
  ) {}

  /** A signed integer of at most 32 bits. */
  int(): number {
    const { bytes } = this;
    let byte = bytes[this.position++] as number;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[this.position++] as number;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** A signed integer of at most 53 bits. */
  long(): number {
    const { bytes } = this;
    let byte = bytes[this.position++] as number;
    let value = byte & 0x7f;
    for (let factor = 128; byte >= 0x80; factor *= 128) {
      byte = bytes[this.position++] as number;
      value += (byte & 0x7f) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
