import pg from 'pg';

/**
 * One database in which each service has a role and a schema of its own: no role may enter another's schema.
 * Can be repeated; a role's password is set anew each time.
 * @param adminUrl the superuser's URL
 * @param passwordOf the password for a service's role
 * @returns service → its URL; the role's search path is its schema (`feature_store`)
 */
export async function prepareDatabases(adminUrl: string, database: string, services: readonly string[], passwordOf: (service: string) => string): Promise<Record<string, string>> {
  await withClient(adminUrl, async (admin) => {
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  });
  await withClient(at(adminUrl, database), async (admin) => {
    const statements = services.map((service) => roleAndSchema(service, passwordOf(service)));
    await admin.query(['REVOKE ALL ON SCHEMA public FROM PUBLIC', ...statements].join(';\n'));
  });
  return Object.fromEntries(services.map((service) => [service, at(adminUrl, database, roleOf(service), passwordOf(service))]));
}

function roleAndSchema(service: string, password: string): string {
  const role = pg.escapeIdentifier(roleOf(service));
  const schema = pg.escapeIdentifier(schemaOf(service));
  return [
    `DO $$ BEGIN CREATE ROLE ${role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)}`,
    `ALTER ROLE ${role} SET search_path = ${schema}`,
    `CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${role}`,
  ].join(';\n');
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
