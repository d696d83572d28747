import type { JsonSchema } from './json-schema.ts';
import type { TopicsSource } from './read-topics.ts';

/** One event: a file `events/<service>/<entity>.<verb>.v<major>.json`. */
export interface EventSource {
  file: string;
  service: string;
  type: string;
  topic: string;
  /** Name of the data type, e.g. `ModelVersionApproved`; for an event that only refers to a shared schema, that schema's title. */
  dataTitle: string;
  schema: JsonSchema;
  key: string;
  consumers: string[];
  retention: string;
}

/** One operation of `http/<service>.yaml`. */
export interface OperationSource {
  service: string;
  operationId: string;
  method: string;
  path: string;
  /** One of these is needed. */
  roles: string[];
  status: number;
  summary: string;
  accepts: string | null;
  produces: string | null;
  /** Largest body in bytes (`x-max-body-bytes`); null takes the service's setting. */
  maxBodyBytes: number | null;
  inputTitle: string;
  /** Null: the answer has no body or is not JSON. */
  outputTitle: string | null;
  /** Declared JSON type of each path and query parameter: they arrive as text. */
  pathTypes: Record<string, string>;
  queryTypes: Record<string, string>;
}

/** Settings of one service: the common ones and `config/<service>.json`, own ones first. */
export interface SettingsSource {
  service: string;
  title: string;
  schema: JsonSchema;
  fields: Record<string, { env: string[]; type: string; required: boolean; common: boolean; default?: unknown }>;
}

/** One entry of `errors.yaml`. */
export interface ErrorSource {
  code: string;
  kind: string;
  title: string;
  todo: string;
  /** HTTP status: the kind's, unless the code declares one of its own. */
  status: number;
}

/** Everything that people wrote, read and resolved; every schema sits in `definitions` under its title. */
export interface Sources {
  definitions: Record<string, JsonSchema>;
  /** Titles of shared schemas that asked for a validator of their own (`x-validator: true`). */
  validated: string[];
  events: EventSource[];
  operations: OperationSource[];
  settings: SettingsSource[];
  errors: ErrorSource[];
  /** Topics beside the lifecycle's. */
  topics: TopicsSource;
  /** What is wrong with the sources, one sentence each, with the file. */
  complaints: string[];
}

/** `feature-store` → `FeatureStore`, `approveModelVersion` → `ApproveModelVersion`. */
export function pascalCase(words: string): string {
  return words.replace(/(^|[-_.])([a-zA-Z])/g, (_, _separator, letter: string) => letter.toUpperCase());
}

/** `relayIntervalMs` → `RELAY_INTERVAL_MS`. */
export function upperSnakeCase(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter}`).replace(/-/g, '_').toUpperCase();
}
