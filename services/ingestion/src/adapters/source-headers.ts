import { encodeHeaders } from '@millrace/runtime';

const [ZERO, knownAtLength] = [0x30, 24];
/** Lengths below 64 are one byte: twice the length (zigzag). */
const lengthByte = (length: number): number => length * 2;

/** The headers of accepted records, `mr-source-partition`, `mr-source-offset` and `mr-known-at`, encoded for a record batch without an object per record. */
export class SourceHeaders {
  readonly bytes: Buffer;
  /** Where they end for the record set last. */
  end = 0;
  readonly #offsetAt: number;
  readonly #offsetName: Buffer;
  readonly #knownAtName = nameOf('mr-known-at');

  constructor(partition: number) {
    const fixed = encodeHeaders({ 'mr-source-partition': String(partition) });
    fixed[0] = lengthByte(3);
    this.#offsetName = nameOf('mr-source-offset');
    this.#offsetAt = fixed.length + this.#offsetName.length;
    this.bytes = Buffer.concat([fixed, this.#offsetName, Buffer.alloc(1 + 16 + this.#knownAtName.length + 1 + knownAtLength + 8)]);
  }

  /** @param knownAt text of the instant between two bytes */
  set(offset: number, knownAt: Buffer, from: number, to: number): void {
    const { bytes } = this;
    let position = this.#digits(offset);
    position += this.#knownAtName.copy(bytes, position);
    bytes[position++] = lengthByte(to - from);
    for (let index = from; index < to; index += 1) bytes[position++] = knownAt[index] as number;
    this.end = position;
  }

  #digits(offset: number): number {
    const { bytes } = this;
    let digits = 1;
    for (let power = 10; power <= offset; power *= 10) digits += 1;
    bytes[this.#offsetAt] = lengthByte(digits);
    const end = this.#offsetAt + 1 + digits;
    for (let [rest, position] = [offset, end - 1]; position > this.#offsetAt; position -= 1) {
      bytes[position] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return end;
  }
}

function nameOf(name: string): Buffer {
  return Buffer.concat([Buffer.of(lengthByte(name.length)), Buffer.from(name)]);
}
