import { join } from 'node:path';
import { eventCatalogue } from '@millrace/contracts';
import type { Facts, Promises } from './facts.ts';
import { readAudit, readQuarantine, readServices } from './read-services.ts';
import { readPublished } from './read-published.ts';
import { readTopics } from './read-topics.ts';
import { within } from '../within.ts';

export interface FactsInput {
  brokers: string;
  postgresUrl: string;
  home: string;
  /** Ids of the data sets, prediction logs among them. */
  dataSets: readonly string[];
  promises: Promises;
}

export const lifecycleTopics: readonly string[] = [...new Set(Object.values(eventCatalogue).map(({ topic }) => topic))];

/** `default/readings` → `millrace.data.default.readings` */
export function topicOf(dataSet: string): string {
  return `millrace.data.${dataSet.replace('/', '.')}`;
}

/** Reads everything raw: topics from Kafka, tables from Postgres, data sets from their files. */
export async function readFacts({ brokers, postgresUrl, home, dataSets, promises }: FactsInput): Promise<Facts> {
  const services = await within('the tables of the services', () => readServices(postgresUrl));
  const events = await within('the lifecycle topics', () => readTopics(brokers, lifecycleTopics));
  const records = await within('the data topics', () => readTopics(brokers, dataSets.map(topicOf)));
  const quarantine = await within('the quarantine', () => readQuarantine(postgresUrl));
  const objects = join(home, 'objects');
  return {
    events, records, services, promises,
    audit: await within('the audit log', () => readAudit(postgresUrl)),
    dataSets: await Promise.all(dataSets.map(async (dataSet) => ({ dataSet, topic: topicOf(dataSet), published: await readPublished(objects, dataSet), quarantined: quarantine.get(dataSet) ?? [] }))),
  };
}
