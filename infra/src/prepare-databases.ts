import pg from 'pg';
import { LaunchError } from './launch-error.js';

/** Per role: three processes of a service with the default pool of four and one more connection each, and as many again while they are replaced. */
const connectionLimit = 30;

/**
 * One database in which each service has a role and a schema of its own: no role may enter another's schema, make roles, databases or schemas, or hold more than its
 * share of connections, and nobody else may connect. Can be repeated; a role's password is set anew each time.
 * @param adminUrl the superuser's URL
 * @param passwordOf the password for a service's role
 * @throws LaunchError when a role that exists is a superuser's or may do more than a service's
 * @returns service → its URL; the role's search path is its schema (`feature_store`)
 */
export async function prepareDatabases(adminUrl: string, database: string, services: readonly string[], passwordOf: (service: string) => string): Promise<Record<string, string>> {
  await withClient(adminUrl, async (admin) => {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  });
  await withClient(at(adminUrl, database), async (admin) => {
    const statements = services.map((service) => roleAndSchema(service, passwordOf(service)));
    const shared = ['REVOKE ALL ON SCHEMA public FROM PUBLIC', `REVOKE ALL ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC`];
    const connects = services.map((service) => `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${pg.escapeIdentifier(roleOf(service))}`);
    await admin.query([...shared, ...statements, ...connects].join(';\n'));
    await requirePlainRoles(admin, services.map(roleOf));
  });
  return Object.fromEntries(services.map((service) => [service, at(adminUrl, database, roleOf(service), passwordOf(service))]));
}

function roleAndSchema(service: string, password: string): string {
  const role = pg.escapeIdentifier(roleOf(service));
  const schema = pg.escapeIdentifier(schemaOf(service));
  return [
    `DO $$ BEGIN CREATE ROLE ${role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)} CONNECTION LIMIT ${connectionLimit}`,
    `ALTER ROLE ${role} SET search_path = ${schema}`,
    `CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${role}`,
  ].join(';\n');
}

/** A role that somebody made before, with more rights than a service needs, would undo the separation in silence. */
async function requirePlainRoles(admin: pg.Client, roles: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)', [roles]);
  if (rows.length > 0) throw new LaunchError(`${rows.map(({ rolname }) => rolname).join(', ')}: a service's role must be no superuser's and make no roles or databases, replicate or bypass row security; alter it, or remove it and run this again.`);
}

function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}

function roleOf(service: string): string {
  return `millrace_${schemaOf(service)}`;
}

function at(adminUrl: string, database: string, user?: string, password?: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  if (password !== undefined) url.password = password;
  return url.toString();
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a broken connection also rejects the query in hand
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
