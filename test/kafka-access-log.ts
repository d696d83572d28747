import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a user did with a topic or group, as the broker's authorizer logged it. */
export interface LoggedAccess {
  user: string;
  operation: 'Create' | 'DescribeConfigs' | 'Read' | 'Write' | 'Delete' | 'Describe' | (string & {});
  resource: string;
  name: string;
  /** Name and pattern of the grant that allowed it, `literal millrace.x`; empty for a refusal. */
  grant: string;
}

const line = /Principal = User:(?<user>\S+) is (?<verdict>Allowed|Denied) operation = (?<operation>[A-Z_]+) from host = \S+ on resource = (?<resource>[A-Za-z]+):LITERAL:(?<name>\S*) for request = (?<request>\w+)(?<rest>.*)$/gm;
const rule = /StandardAcl\(resourceType=\w+, resourceName=(?<name>[^,]*), patternType=(?<pattern>\w+)/;

/** Every kind of access in the broker's logs of a home once, refusals apart. */
export function accessLogOf(home: string): { allowed: LoggedAccess[]; refused: LoggedAccess[] } {
  const directory = join(home, 'logs');
  const [allowed, refused] = [new Map<string, LoggedAccess>(), new Map<string, LoggedAccess>()];
  for (const file of readdirSync(directory).filter((name) => name.startsWith('kafka.log'))) {
    for (const { groups = {} } of readFileSync(join(directory, file), 'utf8').matchAll(line)) {
      const { user = '', verdict, operation = '', resource = '', name = '', rest = '' } = groups;
      const by = rule.exec(rest)?.groups;
      const access = { user, operation: operation.toLowerCase().replace(/(^|_)([a-z])/g, (_, _separator, letter: string) => letter.toUpperCase()), resource: resource.toLowerCase(), name, grant: by ? `${by['pattern']?.toLowerCase()} ${by['name']}` : '' };
      (verdict === 'Allowed' ? allowed : refused).set(JSON.stringify(access), access);
    }
  }
  return { allowed: [...allowed.values()], refused: [...refused.values()] };
}
