const [QUOTE, BACKSLASH, MINUS, PLUS, DOT, ZERO, NINE, UPPER_E, LOWER_E] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x45, 0x65];
/** Beyond 15 digits, or with a power of ten beyond 22, a number is not the exact quotient or product of two doubles. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads plain JSON values straight from bytes. Plain means: no escapes in texts; whatever else is JSON or is none is not told apart here,
 * the answer is false. A number is the same as that of `JSON.parse`: of a short one both operands of the one division or product are
 * exact, so it is rounded once (Clinger, How to Read Floating Point Numbers Accurately, 1990); a longer one is NaN here, and left to `Number`.
 */
export class JsonCursor {
  bytes: Uint8Array = new Uint8Array();
  position = 0;
  /** First byte behind what may be read. */
  end = 0;
  /** Of the text or number read last, without quotes. */
  from = 0;
  to = 0;
  /** Whether the text read last holds bytes beyond 7 bits: they may or may not be UTF-8. */
  isAscii = true;
  /** The number read last; NaN: it must be read from its text. */
  number = 0;
  /** Whether it was written with digits alone. */
  isDigits = false;

  open(bytes: Uint8Array, from: number, end: number): void {
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  /** The byte at the position, spaces left behind; -1 at the end. */
  peek(): number {
    const { bytes, end } = this;
    let { position } = this;
    while (position < end && isSpace(bytes[position] as number)) position += 1;
    this.position = position;
    return position < end ? (bytes[position] as number) : -1;
  }

  /** Passes over one byte that must be next, spaces before it left behind. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.position += 1;
    return true;
  }

  /** A text from its first quote to its last. */
  text(): boolean {
    const { bytes, end } = this;
    let position = this.position + 1;
    let all = 0;
    this.from = position;
    for (; position < end; position += 1) {
      const byte = bytes[position] as number;
      if (byte === QUOTE) break;
      if (byte < 0x20 || byte === BACKSLASH) return false;
      all |= byte;
    }
    this.to = position;
    this.isAscii = all < 0x80;
    this.position = position + 1;
    return position < end;
  }

  /** Passes over letters that must be next: true, false, null. */
  word(letters: Uint8Array): boolean {
    const { bytes, position, end } = this;
    if (position + letters.length > end) return false;
    for (let index = 0; index < letters.length; index += 1) if (bytes[position + index] !== letters[index]) return false;
    this.position = position + letters.length;
    return true;
  }

  numeral(): boolean {
    this.from = this.position;
    const isNegative = this.bytes[this.position] === MINUS;
    if (isNegative) this.position += 1;
    const first = this.position;
    let mantissa = this.#digits(0);
    const wholeDigits = this.position - first;
    if (wholeDigits === 0 || (wholeDigits > 1 && this.bytes[first] === ZERO)) return false;
    let power = 0;
    if (this.#at(DOT)) {
      this.position += 1;
      const fraction = this.position;
      mantissa = this.#digits(mantissa);
      power = fraction - this.position;
      if (power === 0) return false;
    }
    const isExact = wholeDigits - power <= EXACT_DIGITS;
    this.isDigits = power === 0;
    if (this.#at(LOWER_E) || this.#at(UPPER_E)) {
      const exponent = this.#exponent();
      if (exponent === null) return false;
      power += exponent;
      this.isDigits = false;
    }
    this.to = this.position;
    this.number = isExact ? scaled(isNegative ? -mantissa : mantissa, power) : Number.NaN;
    return true;
  }

  #exponent(): number | null {
    this.position += 1;
    const isNegative = this.#at(MINUS);
    if (isNegative || this.#at(PLUS)) this.position += 1;
    const from = this.position;
    const exponent = this.#digits(0);
    if (this.position === from) return null;
    return isNegative ? -exponent : exponent;
  }

  #digits(before: number): number {
    const { bytes, end } = this;
    let { position } = this;
    let value = before;
    for (; position < end; position += 1) {
      const byte = bytes[position] as number;
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
    }
    this.position = position;
    return value;
  }

  #at(byte: number): boolean {
    return this.position < this.end && this.bytes[this.position] === byte;
  }
}

function scaled(mantissa: number, power: number): number {
  if (power === 0) return mantissa;
  const factor = POWERS_OF_TEN[Math.abs(power)];
  if (factor === undefined) return Number.NaN;
  return power < 0 ? mantissa / factor : mantissa * factor;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
