import { MillraceError, errorTable } from '@millrace/contracts';
import type { ErrorCode, OperationOutput } from '@millrace/contracts';
import { Settings } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';

interface Exchanged {
  readonly authorization: Promise<string>;
  /** Milliseconds since 1970 from which it is exchanged anew. */
  renewAtMs: number;
}

const API_TOKEN = /^Bearer +(mr_[A-Za-z0-9_-]+)$/i;
/** A JWT is not used in its last seconds: the request it goes with may take some. */
const RESERVE_MS = 30_000;
const MAX_TOKENS = 10_000;
const TIMEOUT_MS = 10_000;

/** Turns API tokens into the JWTs that services understand, and keeps them while they are valid. */
@Injectable()
export class TokenExchange {
  readonly #known = new Map<string, Exchanged>();
  readonly #governanceUrl: string | undefined;
  readonly #cacheMs: number;

  constructor(@Inject(Settings) settings: Settings<'gateway'>) {
    this.#governanceUrl = (settings.serviceUrls as Record<string, string>)['governance'];
    this.#cacheMs = settings.tokenCacheMs;
  }

  /** The header to pass on: an API token becomes a JWT, anything else stays as it is. Throws `unauthenticated`, `service-unavailable`. */
  async authorizationFor(header: string | undefined, nowMs = Date.now()): Promise<string | undefined> {
    const [, token] = API_TOKEN.exec(header ?? '') ?? [];
    if (token === undefined) return header;
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.#known.get(key);
    if (known && known.renewAtMs > nowMs) return known.authorization;
    return this.#remember(key, token, nowMs);
  }

  /** Requests that come while a token is being exchanged wait for the same answer. */
  #remember(key: string, token: string, nowMs: number): Promise<string> {
    const exchanged = this.#exchange(token);
    const entry: Exchanged = { authorization: exchanged.then(({ jwt }) => `Bearer ${jwt}`), renewAtMs: nowMs + this.#cacheMs };
    if (this.#known.size >= MAX_TOKENS) this.#known.clear();
    this.#known.set(key, entry);
    exchanged.then(
      ({ expiresAt }) => (entry.renewAtMs = Math.min(entry.renewAtMs, Date.parse(expiresAt) - RESERVE_MS)),
      () => this.#known.delete(key),
    );
    return entry.authorization;
  }

  async #exchange(token: string): Promise<OperationOutput<'exchangeToken'>> {
    if (!this.#governanceUrl) throw new MillraceError('service-unavailable', 'No address of governance is set (MILLRACE_SERVICE_URLS)');
    const request = { method: 'POST', headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const response = await fetch(new URL('/token-exchanges', this.#governanceUrl), request).catch((error: unknown) => {
      throw new MillraceError('service-unavailable', 'Governance does not answer, so nobody can sign in', { cause: error });
    });
    const body = (await response.json()) as OperationOutput<'exchangeToken'> & { code?: string; detail?: string };
    if (response.ok) return body;
    const known = body.code !== undefined && Object.hasOwn(errorTable, body.code);
    throw new MillraceError(known ? (body.code as ErrorCode) : 'service-unavailable', body.detail ?? `Governance answered ${response.status}`);
  }
}
