import { readFileSync } from 'node:fs';
import type { ServiceName } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { certificatesIn } from '../certificates-in.js';
import type { Settings } from '../settings.js';

/** Where the database is, as whom to sign in, and whether its certificate is checked. */
export interface DatabaseAddress {
  /** With the password. */
  url: string;
  ssl?: { ca?: string; rejectUnauthorized: true };
}

/** From the settings, with the files they name. Throws `invalid-settings` in one sentence; passwords are in no message. */
export function databaseAddressOf(service: ServiceName, settings: Settings<ServiceName>): DatabaseAddress {
  const { databaseUrl, databasePasswordFile, databaseTls, databaseCaFile } = settings;
  if (!databaseUrl) throw new MillraceError('invalid-settings', `MILLRACE_DATABASE_URL is required by ${service}`);
  if (databaseCaFile !== undefined && !databaseTls) throw new MillraceError('invalid-settings', 'MILLRACE_DATABASE_CA_FILE is set, so MILLRACE_DATABASE_TLS must be true');
  const ca = databaseCaFile === undefined ? {} : { ca: certificatesIn('MILLRACE_DATABASE_CA_FILE', databaseCaFile) };
  return { url: databasePasswordFile === undefined ? databaseUrl : withPassword(databaseUrl, databasePasswordFile), ...(databaseTls ? { ssl: { ...ca, rejectUnauthorized: true } } : {}) };
}

function withPassword(databaseUrl: string, file: string): string {
  const url = URL.parse(databaseUrl);
  if (url === null) throw new MillraceError('invalid-settings', 'MILLRACE_DATABASE_URL is no URL');
  if (url.password !== '') throw new MillraceError('invalid-settings', 'MILLRACE_DATABASE_PASSWORD_FILE is set, so MILLRACE_DATABASE_URL must bear no password');
  try {
    url.password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  } catch (error) {
    throw new MillraceError('invalid-settings', `MILLRACE_DATABASE_PASSWORD_FILE ${file} cannot be read: ${(error as Error).message}`);
  }
  return url.href;
}
