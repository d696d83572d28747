import { readFile } from 'node:fs/promises';
import { importPKCS8, SignJWT } from 'jose';
import type { TestEnvironment } from './test-environment.js';

export interface TokenOptions {
  /** Default `user:test`. */
  subject?: string;
  /** Default `*`. */
  project?: string;
  /** Which service's key signs. Default `governance`, which may speak for anybody. */
  issuer?: string;
  /** Default `5 minutes`; a negative text is a token that has expired. */
  expiresIn?: string;
}

/** A token that every service of the environment believes. */
export async function tokenFor(environment: Pick<TestEnvironment, 'secrets'>, roles: string[], options: TokenOptions = {}): Promise<string> {
  const { subject = 'user:test', project = '*', issuer = 'governance', expiresIn = '5 minutes' } = options;
  const key = await importPKCS8(await readFile(environment.secrets.signingKeyFile(issuer), 'utf8'), 'EdDSA');
  return new SignJWT({ roles, project }).setProtectedHeader({ alg: 'EdDSA', kid: issuer }).setSubject(subject).setIssuer(issuer).setIssuedAt().setExpirationTime(expiresIn).sign(key);
}
