import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Definitions } from './definitions.ts';
import type { JsonSchema } from './json-schema.ts';

/** A topic of `topics.yaml`; braces in its address stand for a part of a name. */
export interface DataTopicSource {
  address: string;
  title: string;
  description: string;
  /** Service → what for. */
  writers: Record<string, string>;
  readers: Record<string, string>;
  creators: string[];
  /** What programs that are not Millrace's may do; `[]`: the topic is internal and stays out of the AsyncAPI document. */
  open: ('read' | 'write')[];
  retention: string;
  messages: string[];
}

export interface DataMessageSource {
  title: string;
  description: string;
  contentType: string;
  headers: JsonSchema;
  payload: JsonSchema;
  examples: { headers?: Record<string, string>; payload: unknown }[];
}

export interface GroupSource {
  /** With a dot at its end: the beginning of names. */
  name: string;
  because: string;
  deletes?: boolean;
}

/** What `topics.yaml` says. */
export interface TopicsSource {
  topics: DataTopicSource[];
  groups: Record<string, GroupSource[]>;
  followers: Record<string, string>;
  messages: Record<string, DataMessageSource>;
  schemas: Record<string, JsonSchema>;
}

/** Reads `topics.yaml`; what is wrong in it becomes a complaint. */
export function readTopics(root: string, definitions: Definitions): TopicsSource {
  const file = join(root, 'topics.yaml');
  const { topics, ...rest } = parse(readFileSync(file, 'utf8')) as Omit<TopicsSource, 'topics'> & { topics: Record<string, Partial<DataTopicSource> & Pick<DataTopicSource, 'title' | 'writers' | 'readers' | 'creators'>> };
  const read = Object.entries(topics).map(([address, topic]): DataTopicSource => ({ address, description: topic.title, open: [], retention: 'delete', messages: [], ...topic }));
  for (const { address, open, messages } of read) {
    if (open.length > 0 && messages.length === 0) definitions.complain(file, `${address} is open and names no messages`);
    for (const name of messages.filter((one) => !(one in rest.messages))) definitions.complain(file, `${address} names the message ${name}, which is not there`);
  }
  return { topics: read, ...rest };
}
