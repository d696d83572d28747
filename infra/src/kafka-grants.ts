import type { AclEntry, Kafka } from 'kafkajs';
import type { KafkaGrant } from '@millrace/contracts';

/** Codes of Kafka's protocol; kafkajs' enums of them cannot be imported by name into a module. */
const operations = { Create: 5, DescribeConfigs: 10, Read: 3, Write: 4, Delete: 6 } as const;
const resources = { topic: 2, group: 3 } as const;
const patterns = { literal: 3, prefixed: 4 } as const;
const [any, allow] = [1, 3];

/** A user with all that it may do. */
export interface GrantedUser {
  user: string;
  /** Names without the topic prefix. */
  grants: readonly KafkaGrant[];
}

/** Gives each user exactly these grants: what is missing is added, what is too much is taken away. Other users are not touched. */
export async function setKafkaGrants(kafka: Kafka, topicPrefix: string, users: readonly GrantedUser[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const owned = new Set(users.map(({ user }) => principalOf(user)));
    const wanted = new Map(users.flatMap((user) => aclsOf(user, topicPrefix)).map((acl) => [keyOf(acl), acl]));
    const present = new Map((await presentAcls(admin)).filter(({ principal }) => owned.has(principal)).map((acl) => [keyOf(acl), acl]));
    const missing = [...wanted].flatMap(([key, acl]) => (present.has(key) ? [] : [acl]));
    const tooMuch = [...present].flatMap(([key, acl]) => (wanted.has(key) ? [] : [acl]));
    if (missing.length > 0) await admin.createAcls({ acl: missing });
    if (tooMuch.length > 0) await admin.deleteAcls({ filters: tooMuch });
  } finally {
    await admin.disconnect();
  }
}

/** The ACLs that a user's grants are on the broker: from any host. */
export function aclsOf({ user, grants }: GrantedUser, topicPrefix: string): AclEntry[] {
  return grants.flatMap(({ resource, pattern, name, operations: allowed }) =>
    allowed.map((operation) => ({
      principal: principalOf(user),
      host: '*',
      resourceType: resources[resource],
      resourceName: `${topicPrefix}${name}`,
      resourcePatternType: patterns[pattern],
      operation: operations[operation],
      permissionType: allow,
    })),
  );
}

async function presentAcls(admin: ReturnType<Kafka['admin']>): Promise<AclEntry[]> {
  const { resources: found } = await admin.describeAcls({
    resourceType: any,
    resourcePatternType: any,
    operation: any,
    permissionType: any,
  } as never);
  return found.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
    acls.map(({ principal, host, operation, permissionType }) => ({ resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType })),
  );
}

function principalOf(user: string): string {
  return `User:${user}`;
}

function keyOf({ principal, host, resourceType, resourceName, resourcePatternType, operation, permissionType }: AclEntry): string {
  return JSON.stringify([principal, host, resourceType, resourceName, resourcePatternType, operation, permissionType]);
}
