import { types } from 'node:util';
import { MillraceError } from '@millrace/contracts';

/** Postgres: serialization failure, deadlock, lock not available. The same transaction may succeed when run again. */
const transient = new Set(['40001', '40P01', '55P03']);
/** Postgres: a text with U+0000, a number that its column cannot hold, a text too long for its index. Trying again changes nothing. */
const unstorable: Partial<Record<string, string>> = {
  '22021': 'A text holds a character that cannot be stored',
  '22P05': 'A text holds a character that cannot be stored',
  '22003': 'A number is larger than what can be stored',
  '54000': 'A text is longer than what can be stored',
};
/** Node's and pg's words for a connection that is not there. */
const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
const lostMessage = /connection terminated|timeout (expired|exceeded)|client has encountered a connection error|not queryable|driver not connected|cannot use a pool after|not currently accepting connections/i;

/** Postgres: no such role or another password; and what Node says of a certificate. */
const refusals: readonly [test: (code: string, message: string) => boolean, sentence: string][] = [
  [(code) => code === '28P01' || code === '28000', 'Postgres refuses the role: there is none of this name, or the password is another (MILLRACE_DATABASE_URL, MILLRACE_DATABASE_PASSWORD_FILE), or it wants TLS (MILLRACE_DATABASE_TLS)'],
  [(code, message) => /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|CERT_SIGNATURE)/.test(code) || /self-signed certificate|certificate signature failure|unable to (verify|get)/i.test(message), 'The certificate of Postgres is signed by no authority that is known here (MILLRACE_DATABASE_CA_FILE)'],
  [(code) => code === 'ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of Postgres is for another name than the one it was asked by (MILLRACE_DATABASE_URL)'],
  [(_, message) => /server does not support SSL/i.test(message), 'Postgres speaks no TLS (MILLRACE_DATABASE_TLS)'],
];

/** Turns what the database driver throws into errors with a kind: lost connection → unavailable, lost race → conflict, a value that no column holds → invalid. Others pass. */
export function databaseError(error: unknown): unknown {
  if (error instanceof MillraceError || !types.isNativeError(error)) return error;
  const code = codeOf(error);
  const refusal = refusals.find(([test]) => test(code, error.message));
  if (refusal) return new MillraceError('database-access-refused', refusal[1], { cause: error });
  if (isConnectionLost(code, error)) return new MillraceError('database-unavailable', 'The database does not answer', { cause: error });
  if (transient.has(code)) return new MillraceError('stale-version', 'Another transaction changed the same rows', { cause: error });
  if (code === '23505') return new MillraceError('stale-version', 'An entry with the same name was added at the same time', { cause: error });
  const flaw = unstorable[code];
  return flaw === undefined ? error : new MillraceError('unstorable-value', flaw, { cause: error });
}

/** True for a transaction that Postgres ended for the sake of another and that may be run again. */
export function isLostRace(error: unknown): boolean {
  return error instanceof Error && transient.has(codeOf(error));
}

function codeOf(error: Error): string {
  const { code, driverError } = error as Error & { code?: unknown; driverError?: { code?: unknown } };
  return String(code ?? driverError?.code ?? '');
}

function isConnectionLost(code: string, error: Error): boolean {
  return lost.has(code) || code.startsWith('08') || code.startsWith('57P') || code === '53300' || lostMessage.test(error.message);
}
