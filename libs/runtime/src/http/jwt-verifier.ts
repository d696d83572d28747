import { readFile, stat } from 'node:fs/promises';
import { MillraceError } from '@millrace/contracts';
import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import type { Caller } from './caller.js';

/** Tokens may not be younger or older than the clocks of two machines differ. */
const clockToleranceS = 5;
const rememberedTokens = 2_000;

interface Remembered {
  caller: Caller;
  expiresAtMs: number;
}

/** Verifies the tokens of callers against the key set file, and remembers those it has verified until they expire. */
export class JwtVerifier {
  #keys: ReturnType<typeof createLocalJWKSet> | undefined;
  #readAtMs = 0;
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly jwksFile: string) {}

  /** Who the token speaks for. Throws `unauthenticated`. */
  async verify(token: string): Promise<Caller> {
    const known = this.#remembered.get(token);
    if (known && known.expiresAtMs > Date.now()) return known.caller;
    const { payload, keyId } = await this.#verified(token);
    const caller = callerOfClaims(payload, keyId);
    if (this.#remembered.size >= rememberedTokens) this.#remembered.delete(this.#remembered.keys().next().value ?? '');
    this.#remembered.set(token, { caller, expiresAtMs: (payload.exp ?? 0) * 1_000 });
    return caller;
  }

  async #verified(token: string): Promise<{ payload: JWTPayload; keyId: string }> {
    try {
      return await this.#verifyWith(await this.#keySet(), token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#hasChanged())) throw refusal(error);
      this.#keys = undefined;
      return this.#verifyWith(await this.#keySet(), token).catch((again: unknown) => Promise.reject(refusal(again)));
    }
  }

  async #verifyWith(keys: ReturnType<typeof createLocalJWKSet>, token: string): Promise<{ payload: JWTPayload; keyId: string }> {
    const { payload, protectedHeader } = await jwtVerify(token, keys, { algorithms: ['EdDSA'], clockTolerance: clockToleranceS, requiredClaims: ['sub', 'exp'] });
    return { payload, keyId: protectedHeader.kid ?? '' };
  }

  async #keySet(): Promise<ReturnType<typeof createLocalJWKSet>> {
    if (this.#keys) return this.#keys;
    this.#readAtMs = Date.now();
    this.#keys = createLocalJWKSet(JSON.parse(await readFile(this.jwksFile, 'utf8')) as JSONWebKeySet);
    return this.#keys;
  }

  async #hasChanged(): Promise<boolean> {
    const { mtimeMs } = await stat(this.jwksFile);
    return mtimeMs > this.#readAtMs;
  }
}

/**
 * Which key may speak for whom: governance for anybody; training for runs too, with the role of the tracking API only; every
 * service for itself, with the role `service` only.
 */
export function callerOfClaims({ sub = '', roles, project }: JWTPayload, keyId: string): Caller {
  const claimed = Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [];
  const caller: Caller = { subject: sub, roles: claimed, project: typeof project === 'string' ? project : '*' };
  const has = (role: string): boolean => claimed.length === 1 && claimed[0] === role;
  const isAllowed = keyId === 'governance' || (keyId === 'training' && sub.startsWith('run:') && has('tracking')) || (sub === `service:${keyId}` && has('service'));
  if (!isAllowed) throw new MillraceError('unauthenticated', `${keyId} cannot issue a token for ${sub} with the roles ${claimed.join(', ')}`);
  return caller;
}

function refusal(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const detail = error instanceof errors.JWTExpired ? 'The token has expired' : 'The token does not verify';
  return new MillraceError('unauthenticated', detail, { cause: error });
}
