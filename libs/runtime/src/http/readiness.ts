/** Something that must be well before the service takes work. */
export interface ReadinessCheck {
  name: string;
  /** Undefined when well; else one sentence. */
  check(): Promise<string | undefined> | string | undefined;
  /** What operators should know although the service works; one sentence. */
  note?(): string | undefined;
}

/** The checks behind `GET /health/ready`. Injectable: services add their own in constructors. */
export class Readiness {
  readonly #checks: ReadinessCheck[] = [];
  #isStopping = false;

  add(check: ReadinessCheck): void {
    this.#checks.push(check);
  }

  stopping(): void {
    this.#isStopping = true;
  }

  /** Each check with what is wrong; all well when every problem is null. */
  async report(): Promise<{ name: string; problem: string | null; note?: string }[]> {
    if (this.#isStopping) return [{ name: 'service', problem: 'is stopping' }];
    return Promise.all(this.#checks.map(async (one) => ({ name: one.name, problem: (await problemOf(one)) ?? null, ...noteOf(one) })));
  }
}

function noteOf(one: ReadinessCheck): { note?: string } {
  const note = one.note?.();
  return note === undefined ? {} : { note };
}

async function problemOf(one: ReadinessCheck): Promise<string | undefined> {
  try {
    return await one.check();
  } catch (error) {
    return (error as Error).message;
  }
}
