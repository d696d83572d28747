import { chownSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsCertificates } from './tls-certificates.js';
import type { SystemUser } from './unprivileged-user.js';

/** Clients that come without TLS are refused; all sign in by password. */
const hostRules = `hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all all all reject
`;

/** Puts certificate, key and rules where the server can read them, and says the settings that name them. */
export function postgresTls(data: string, { certificateFile, keyFile }: TlsCertificates, user: SystemUser | undefined): Record<string, string> {
  const files = { certificate: join(data, 'millrace.pem'), key: join(data, 'millrace.key.pem'), rules: join(data, 'millrace_hba.conf') };
  for (const file of Object.values(files)) rmSync(file, { force: true });
  copyFileSync(certificateFile, files.certificate);
  copyFileSync(keyFile, files.key);
  writeFileSync(files.rules, hostRules, { mode: 0o600 });
  if (user !== undefined) for (const file of Object.values(files)) chownSync(file, user.uid, user.gid);
  return { ssl: 'on', ssl_cert_file: files.certificate, ssl_key_file: files.key, ssl_min_protocol_version: 'TLSv1.3', hba_file: files.rules };
}
