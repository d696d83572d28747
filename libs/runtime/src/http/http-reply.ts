/** An answer with a status or headers of its own. */
export class HttpReply<B> {
  constructor(
    readonly body: B,
    readonly options: { status?: number; headers?: Record<string, string> } = {},
  ) {}
}

/** Answers an operation with another 2xx status or with headers. Inside `work.run` return the plain body: only that is stored. */
export function reply<B>(body: B, options: { status?: number; headers?: Record<string, string> }): HttpReply<B> {
  return new HttpReply(body, options);
}
