import { MillraceError } from '@millrace/contracts';
import type { BrokerSecurity } from './broker-security.js';

/** What a client is, for the sentence. */
export interface ClientPlace {
  brokers: readonly string[];
  security: BrokerSecurity;
}

const unknownAuthority = ['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_SIGNATURE_FAILURE'];
const unknownAuthorityText = /self-signed certificate|certificate signature failure|unable to verify the first certificate|unable to get (local )?issuer certificate/i;

/**
 * The one sentence about a client that the broker, or its certificate, keeps out: `kafka-access-refused` with the settings to look at; null for any other error.
 * It looks at codes and texts, as the clients have no common errors.
 */
export function accessFaultOf(error: unknown, { brokers, security }: ClientPlace): MillraceError | null {
  const causes = chainOf(error);
  const has = (test: (cause: { name?: string; code?: unknown; type?: string; apiId?: string; message?: string }) => boolean): boolean => causes.some((cause) => test(cause as never));
  const place = brokers.join(', ');
  const user = security.sasl?.username ?? 'a client that does not sign in';
  const fault = (sentence: string): MillraceError => new MillraceError('kafka-access-refused', sentence, { cause: error });
  if (has(({ name, code, type, message = '' }) => /SASLAuthentication/.test(name ?? '') || code === 'PLT_KFK_AUTHENTICATION' || type === 'SASL_AUTHENTICATION_FAILED' || /SASL.*authentication failed|authentication failed.*SASL|SASL_AUTHENTICATION_FAILED/i.test(message)))
    return fault(`Kafka at ${place} refuses the user ${user}: there is no such user or the password is another (MILLRACE_KAFKA_USER, MILLRACE_KAFKA_PASSWORD_FILE)`);
  if (has(({ code, message = '' }) => unknownAuthority.includes(String(code)) || unknownAuthorityText.test(message)))
    return fault(`The certificate of Kafka at ${place} is signed by no authority that is known here (MILLRACE_KAFKA_CA_FILE)`);
  if (has(({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID') || has(({ message = '' }) => message.includes("does not match certificate's altnames")))
    return fault(`The certificate of Kafka at ${place} is for another name than the one it was asked by (MILLRACE_KAFKA_BROKERS)`);
  if (has(({ code, message = '' }) => code === 'CERT_HAS_EXPIRED' || /certificate has expired/.test(message))) return fault(`The certificate of Kafka at ${place} has expired`);
  if (has(({ message = '' }) => /wrong version number|packet length too long|before secure TLS connection was established/.test(message)))
    return fault(`Kafka at ${place} ends connections before TLS is agreed on: it speaks none there, or is just starting (MILLRACE_KAFKA_TLS, MILLRACE_KAFKA_BROKERS)`);
  if (has(({ type, apiId, message = '' }) => /_AUTHORIZATION_FAILED$/.test(type ?? apiId ?? '') || /_AUTHORIZATION_FAILED|not authorized/i.test(message)))
    return fault(`Kafka at ${place} does not let ${user} do this; contracts/access.json says what each service needs: ${(causes.at(-1) as Error).message}`);
  return null;
}

/** An error, its causes and what it gathers, outermost first. */
function chainOf(error: unknown): object[] {
  const found: object[] = [];
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || found.includes(one) || found.length > 20) return;
    found.push(one);
    const { cause, originalError, errors } = one as { cause?: unknown; originalError?: unknown; errors?: unknown };
    visit(cause);
    visit(originalError);
    if (Array.isArray(errors)) errors.forEach(visit);
  };
  visit(error);
  return found;
}
