const SIZE = 624;
const MIDDLE = 397;

/** The generator behind Python's `random.Random(seed)` (Matsumoto and Nishimura 1998), so that a seeded choice there is the same choice here. */
export class MersenneTwister {
  private readonly state = new Uint32Array(SIZE);
  private next = SIZE;

  /** @param seed a whole number from 0 to 2^32 - 1 */
  constructor(seed: number) {
    this.state[0] = 19_650_218;
    for (let i = 1; i < SIZE; i += 1) this.state[i] = Math.imul(1_812_433_253, this.mixed(i - 1)) + i;
    let i = 1;
    for (let k = 0; k < SIZE; k += 1) {
      this.state[i] = ((this.state[i] as number) ^ Math.imul(this.mixed(i - 1), 1_664_525)) + seed;
      i = this.wrapped(i + 1);
    }
    for (let k = 0; k < SIZE - 1; k += 1) {
      this.state[i] = ((this.state[i] as number) ^ Math.imul(this.mixed(i - 1), 1_566_083_941)) - i;
      i = this.wrapped(i + 1);
    }
    this.state[0] = 0x80000000;
  }

  /** A whole number from 0 to `limit` - 1, for a limit below 2^32. */
  below(limit: number): number {
    const bits = 32 - Math.clz32(limit);
    for (;;) {
      const value = this.word() >>> (32 - bits);
      if (value < limit) return value;
    }
  }

  /** `count` different numbers below `limit`, in the order in which Python's `sample(range(limit), count)` draws them. */
  sample(limit: number, count: number): number[] {
    const pooled = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    if (limit <= pooled) {
      const pool = Array.from({ length: limit }, (_, index) => index);
      return Array.from({ length: count }, (_, i) => {
        const at = this.below(limit - i);
        const chosen = pool[at] as number;
        pool[at] = pool[limit - i - 1] as number;
        return chosen;
      });
    }
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(this.below(limit));
    return [...chosen];
  }

  private mixed(index: number): number {
    const value = this.state[index] as number;
    return value ^ (value >>> 30);
  }

  private wrapped(index: number): number {
    if (index < SIZE) return index;
    this.state[0] = this.state[SIZE - 1] as number;
    return 1;
  }

  private word(): number {
    if (this.next === SIZE) this.renew();
    let y = this.state[this.next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private renew(): void {
    for (let i = 0; i < SIZE; i += 1) {
      const y = ((this.state[i] as number) & 0x80000000) | ((this.state[(i + 1) % SIZE] as number) & 0x7fffffff);
      this.state[i] = (this.state[(i + MIDDLE) % SIZE] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}
