import type { KafkaSignIn } from './kafka-sign-in.js';

/** A broker with access switched on: TLS, users that sign in, and nothing allowed that was not granted. */
export interface KafkaSecurity {
  /** Key and certificate of the broker in PEM, and the authority that signed it. */
  keystoreFile: string;
  caFile: string;
  /** The launcher's user: it may do everything, signs in by PLAIN over TLS, and is known to the broker from its start. */
  admin: { user: string; password: string };
  /** Every request that was allowed goes to the broker's log, with the rule that allows it; refusals always do. Default false. */
  logsAllowed?: boolean;
}

/** Subject of the broker's own certificate, by which it signs in to its controller. */
const brokerPrincipal = 'User:CN=localhost';

/**
 * The lines of server.properties that switch access on. The client listeners take SCRAM-SHA-512 and, for the launcher, PLAIN; the controller takes only who holds
 * the broker's own certificate. Who is not among the super users may do what an ACL allows.
 */
export function securityProperties({ keystoreFile, caFile, admin }: KafkaSecurity, clientListeners: readonly string[]): Record<string, string | boolean> {
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${admin.user}" password="${admin.password}" user_${admin.user}="${admin.password}";`;
  const [first = ''] = clientListeners;
  const logins = clientListeners.flatMap((listener) => [
    [`listener.name.${listener.toLowerCase()}.plain.sasl.jaas.config`, plain],
    [`listener.name.${listener.toLowerCase()}.scram-sha-512.sasl.jaas.config`, 'org.apache.kafka.common.security.scram.ScramLoginModule required;'],
  ]);
  return {
    'listener.security.protocol.map': [...clientListeners.map((listener) => `${listener}:SASL_SSL`), 'CONTROLLER:SSL'].join(','),
    'inter.broker.listener.name': first,
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    ...(Object.fromEntries(logins) as Record<string, string>),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
    'listener.name.controller.ssl.client.auth': 'required',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${admin.user};${brokerPrincipal}`,
    'allow.everyone.if.no.acl.found': false,
  };
}

/** How the launcher itself signs in. */
export function signInOf({ admin, caFile }: KafkaSecurity): KafkaSignIn {
  return { ...admin, mechanism: 'plain', caFile };
}
