import { quietKafka } from '../platform/quiet-kafka.ts';
import { topicOf, lifecycleTopics } from './read-facts.ts';
import { endsOf } from './read-topics.ts';
import { schemas, withDatabase } from './read-services.ts';

export interface SettleInput {
  brokers: string;
  postgresUrl: string;
  dataSets: readonly string[];
}

const openWork: readonly [what: string, sql: string][] = [
  ...schemas.flatMap((schema): [string, string][] => [
    [`events that ${schema} has not sent`, `select count(*)::int as n from ${schema}.outbox where published_at is null`],
    [`events parked in ${schema}`, `select count(*)::int as n from ${schema}.parked`],
  ]),
  ['pipeline versions on their way', `select count(*)::int as n from registry.pipeline_versions where state = 'pending'`],
];
/** With their names and states, so that a stuck one is known and a moving one is seen to move. A rollout that an incident holds waits for people. */
export const openCascades: readonly [what: string, sql: string][] = [
  ['runs under way', `select count(*)::int as n, string_agg(run || ' ' || state, ', ' order by run) as which from training.runs where state not in ('approved', 'rejected', 'failed', 'cancelled')`],
  ['rollouts under way', `select count(*)::int as n, string_agg(pipeline || '@' || model_version || ' ' || state || ' ' || at, ', ' order by rollout) as which from deployment.rollouts where state not in ('completed', 'rolled-back', 'superseded') and paused_by is null`],
];
const openSegments: readonly [string, string][] = [
  ['segments that are not published', `select count(*)::int as n from ingestion.segments where state in ('staged', 'accepted')`],
  ['publications that are open', 'select count(*)::int as n from ingestion.publications where published_at is null'],
];

/** What of these is still to be done, in words; empty when all is at rest. */
export function countOpen(postgresUrl: string, work: readonly [string, string][]): Promise<string[]> {
  return withDatabase(postgresUrl, async (query) => {
    const open: string[] = [];
    for (const [what, sql] of work) {
      const [row] = await query<{ n: number; which?: string }>(sql);
      if (row && row.n > 0) open.push(`${row.n} ${what}${row.which === undefined ? '' : `: ${row.which}`}`);
    }
    return open;
  });
}

/** What is still under way anywhere when no new work comes. */
export async function unsettled({ brokers, postgresUrl, dataSets }: SettleInput): Promise<string[]> {
  const open = await countOpen(postgresUrl, [...openWork, ...openCascades, ...openSegments]);
  if (open.length > 0) return open;
  return [...(await unreadRecords(brokers, postgresUrl, dataSets)), ...(await unloggedEvents(brokers, postgresUrl)), ...(await unhandledEvents(brokers))];
}

async function unreadRecords(brokers: string, postgresUrl: string, dataSets: readonly string[]): Promise<string[]> {
  const ends = await endsOf(quietKafka('settle', brokers), dataSets.map(topicOf));
  const positions = await withDatabase(postgresUrl, (query) => query<{ data_set: string; partition: number; next_offset: string }>('select data_set, partition, next_offset from ingestion.partition_positions'));
  const read = new Map(positions.map(({ data_set, partition, next_offset }) => [`${topicOf(data_set)}/${partition}`, Number(next_offset)]));
  return [...ends].filter(([place, end]) => (read.get(place) ?? 0) < end).map(([place, end]) => `${place} is read to ${read.get(place) ?? 0} of ${end}`);
}

async function unloggedEvents(brokers: string, postgresUrl: string): Promise<string[]> {
  const ends = await endsOf(quietKafka('settle', brokers), lifecycleTopics.filter((topic) => topic !== 'millrace.governance.checkpoint'));
  const rows = await withDatabase(postgresUrl, (query) => query<{ topic: string; partition: number; last: number }>('select topic, "partition", max("offset")::int as last from governance.audit_entries group by 1, 2'));
  const logged = new Map(rows.map(({ topic, partition, last }) => [`${topic}/${partition}`, last + 1]));
  return [...ends].filter(([place, end]) => (logged.get(place) ?? 0) < end).map(([place, end]) => `${place} is logged to ${logged.get(place) ?? 0} of ${end}`);
}

/** Offsets that each service's group has committed against the ends of the topics that it reads. */
async function unhandledEvents(brokers: string): Promise<string[]> {
  const kafka = quietKafka('settle', brokers);
  const ends = await endsOf(kafka, lifecycleTopics);
  const admin = kafka.admin();
  await admin.connect();
  try {
    const behind: string[] = [];
    for (const schema of schemas) {
      const groupId = `millrace.${schema.replaceAll('_', '-')}`;
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
        for (const { partition, offset } of partitions) {
          const end = ends.get(`${topic}/${partition}`) ?? 0;
          if (Number(offset) >= 0 && Number(offset) < end) behind.push(`${groupId} is at ${offset} of ${end} in ${topic}/${partition}`);
        }
      }
    }
    return behind;
  } finally {
    await admin.disconnect();
  }
}
