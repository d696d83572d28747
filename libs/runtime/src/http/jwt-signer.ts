import { readFile } from 'node:fs/promises';
import type { ServiceName } from '@millrace/contracts';
import { importPKCS8, SignJWT } from 'jose';
import type { CryptoKey } from 'jose';
import type { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';

export interface TokenClaims {
  /** `user:<name>`, `service:<name>` or `run:<id>`; others believe it only from those who may (see JwtVerifier). */
  sub: string;
  roles: string[];
  /** Default `*`. */
  project?: string;
  expiresInMs: number;
  [claim: string]: unknown;
}

const ownTokenMs = 300_000;
const renewBeforeMs = 60_000;

/** Signs tokens with this service's Ed25519 key; the key's id is the service's name. */
export class JwtSigner {
  #key: Promise<CryptoKey> | undefined;
  #own: { token: string; expiresAtMs: number } | undefined;

  constructor(
    private readonly identity: ServiceIdentity,
    private readonly settings: Settings<ServiceName>,
  ) {}

  async sign({ sub, roles, project = '*', expiresInMs, ...others }: TokenClaims): Promise<string> {
    this.#key ??= readFile(this.settings.signingKeyFile, 'utf8').then((pem) => importPKCS8(pem, 'EdDSA'));
    const nowS = Math.floor(Date.now() / 1_000);
    return new SignJWT({ ...others, roles, project })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.identity.name })
      .setSubject(sub)
      .setIssuer(this.identity.name)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + Math.ceil(expiresInMs / 1_000))
      .sign(await this.#key);
  }

  /** A token for the service itself, renewed before it expires. */
  async ownToken(): Promise<string> {
    if (this.#own && this.#own.expiresAtMs - renewBeforeMs > Date.now()) return this.#own.token;
    const token = await this.sign({ sub: this.identity.actor, roles: ['service'], expiresInMs: ownTokenMs });
    this.#own = { token, expiresAtMs: Date.now() + ownTokenMs };
    return token;
  }
}
