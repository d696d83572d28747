/** What came back: the body as JSON, or `{ text }` when it is none. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** Calls HTTP addresses of the platform with a token, or without one, and takes errors as answers. */
export class Asker {
  private readonly url: string;
  private readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  get(path: string): Promise<Answer> {
    return this.ask(path, { headers: this.authorization() });
  }

  /** A text is sent as it is, anything else as JSON. */
  post(path: string, body?: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    return this.ask(path, { method: 'POST', body: text, headers: { ...this.authorization(), 'content-type': 'application/json' } });
  }

  private authorization(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const { status, headers, ...response } = await fetch(this.url + path, init).then(async (answered) => ({ status: answered.status, headers: answered.headers, text: await answered.text() }));
    return { status, headers, body: jsonOf(response.text) };
  }
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
