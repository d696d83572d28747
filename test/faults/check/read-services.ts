import pg from 'pg';
import type { AuditEntry, DataSetFacts, Facts, ServiceFacts } from './facts.ts';

/** Schemas of the services that own data. */
export const schemas = ['ingestion', 'validation', 'feature_store', 'training', 'registry', 'deployment', 'monitoring', 'governance'] as const;

/** Runs statements on the platform's database as its superuser, past the proxies. */
export async function withDatabase<R>(postgresUrl: string, work: (query: <T>(sql: string) => Promise<T[]>) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(postgresUrl), { pathname: '/millrace' }).toString() });
  client.on('error', () => undefined); // the statement that needs it fails
  await client.connect();
  try {
    return await work(async <T>(sql: string) => (await client.query(sql)).rows as T[]);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What each service's own tables say. */
export function readServices(postgresUrl: string): Promise<Record<string, ServiceFacts>> {
  return withDatabase(postgresUrl, async (query) => {
    const facts: Record<string, ServiceFacts> = {};
    for (const schema of schemas) {
      const rows = await query<Omit<ServiceFacts['outbox'][number], 'position'> & { position: string }>(`select position, id::text, aggregatetype as topic, aggregateid as key, type, published_at is not null as "isSent" from ${schema}.outbox order by position`);
      facts[schema.replaceAll('_', '-')] = {
        outbox: rows.map((row) => ({ ...row, position: Number(row.position) })),
        inbox: (await query<{ event_id: string }>(`select event_id from ${schema}.inbox_ids`)).map(({ event_id }) => event_id),
        parked: await query(`select event_id as "eventId", type, because::text from ${schema}.parked`),
        deadLetters: await query(`select id::text, event_id as "eventId", type, because::text from ${schema}.dead_letters where handled_at is null and dropped_at is null`),
      };
    }
    return facts;
  });
}

/** The audit log's entries and its latest signed checkpoint. */
export function readAudit(postgresUrl: string): Promise<Facts['audit']> {
  return withDatabase(postgresUrl, async (query) => {
    const entries = await query<AuditEntry>(`select "index"::int, leaf, event_id as "eventId", topic, "partition", "offset"::int from governance.audit_entries order by "index"`);
    const [checkpoint] = await query<{ size: string; root_sha256: string }>('select size, root_sha256 from governance.checkpoints order by size desc limit 1');
    return { entries, size: Number(checkpoint?.size ?? 0), rootHex: checkpoint?.root_sha256 ?? '' };
  });
}

/** The quarantine by data set. */
export function readQuarantine(postgresUrl: string): Promise<Map<string, DataSetFacts['quarantined']>> {
  return withDatabase(postgresUrl, async (query) => {
    const rows = await query<{ data_set: string; partition: number; offset: number; code: string }>('select data_set, partition, "offset"::int, code from ingestion.quarantined_records');
    const sets = new Map<string, DataSetFacts['quarantined']>();
    for (const { data_set, ...row } of rows) sets.set(data_set, [...(sets.get(data_set) ?? []), row]);
    return sets;
  });
}
