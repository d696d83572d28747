import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretOf, secretsDirectory } from './secret-of.js';

export interface PlatformSecrets {
  /** `mr_` and 43 base64url characters. */
  adminToken: string;
  adminTokenFile: string;
  jwksFile: string;
  /** Private half that signs audit checkpoints. */
  logKeyFile: string;
  /** Private half that signs model versions, and its public half. */
  modelKeyFile: string;
  modelPublicKeyFile: string;
  signingKeyFile(service: string): string;
}

/**
 * Makes what is missing in `<home>/secrets`: an Ed25519 key pair (PKCS8 PEM) per service with all public halves in
 * `jwks.json` (kid = service), the keys that sign the audit log and model versions, and the admin's API token.
 * There is no default password anywhere.
 */
export function platformSecrets(home: string, services: readonly string[]): PlatformSecrets {
  const directory = secretsDirectory(home);
  const keys = services.map((service) => ({ ...publicJwk(secretOf(home, `${service}.key.pem`, newPrivateKey)), kid: service, use: 'sig', alg: 'EdDSA' }));
  const jwksFile = join(directory, 'jwks.json');
  writeFileSync(jwksFile, `${JSON.stringify({ keys }, null, 2)}\n`);
  secretOf(home, 'log.key.pem', newPrivateKey);
  const modelKey = secretOf(home, 'model.key.pem', newPrivateKey);
  const modelPublicKeyFile = join(directory, 'model.pub.pem');
  writeFileSync(modelPublicKeyFile, createPublicKey(modelKey).export({ type: 'spki', format: 'pem' }));
  return {
    adminToken: secretOf(home, 'admin-token', () => `mr_${randomBytes(32).toString('base64url')}`),
    adminTokenFile: join(directory, 'admin-token'),
    jwksFile,
    logKeyFile: join(directory, 'log.key.pem'),
    modelKeyFile: join(directory, 'model.key.pem'),
    modelPublicKeyFile,
    signingKeyFile: (service) => join(directory, `${service}.key.pem`),
  };
}

function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd();
}

function publicJwk(privateKeyPem: string): object {
  return createPublicKey(privateKeyPem).export({ format: 'jwk' });
}
