import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformSecrets } from './platform-secrets.js';

describe('the secrets of a home', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'secrets-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('are the same at every start', () => {
    const first = platformSecrets(home, ['registry']);
    const key = readFileSync(first.signingKeyFile('registry'), 'utf8');
    const second = platformSecrets(home, ['registry']);
    expect(second.adminToken).toBe(first.adminToken);
    expect(second.adminToken).toMatch(/^mr_[\w-]{43}$/);
    expect(readFileSync(second.signingKeyFile('registry'), 'utf8')).toBe(key);
  });

  it('have the public half of each service key in the key set', () => {
    const secrets = platformSecrets(home, ['registry', 'governance']);
    const { keys } = JSON.parse(readFileSync(secrets.jwksFile, 'utf8')) as { keys: ({ kid: string } & Record<string, string>)[] };
    expect(keys.map(({ kid }) => kid)).toEqual(['registry', 'governance']);
    const signature = sign(null, Buffer.from('text'), createPrivateKey(readFileSync(secrets.signingKeyFile('governance'), 'utf8')));
    expect(verify(null, Buffer.from('text'), createPublicKey({ key: keys[1] ?? {}, format: 'jwk' }), signature)).toBe(true);
    expect(keys.every((key) => key['d'] === undefined)).toBe(true);
  });

  it('are private to their owner', () => {
    platformSecrets(home, ['registry']);
    expect(statSync(join(home, 'secrets')).mode & 0o777).toBe(0o700);
    const open = readdirSync(join(home, 'secrets')).filter((name) => (statSync(join(home, 'secrets', name)).mode & 0o077) !== 0);
    expect(open.sort()).toEqual(['jwks.json', 'model.pub.pem']);
  });
});
