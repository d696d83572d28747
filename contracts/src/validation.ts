import type { ErrorObject } from 'ajv';
import type { EventData, EventType } from './generated/events.js';
import { eventReaders, eventWriters } from './generated/validators.js';
import { MillraceError } from './millrace-error.js';

/** A compiled JSON Schema; after a refusal `errors` says why. */
export interface Validator {
  (data: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** One thing wrong with a document: where (JSON pointer) and what. */
export interface Flaw {
  path: string;
  message: string;
}

/** Runs a validator. An empty list means the data is as the contract says. */
export function flawsOf(validate: Validator, data: unknown): Flaw[] {
  if (validate(data)) return [];
  const errors = validate.errors ?? [];
  const telling = errors.filter(({ keyword }) => keyword !== 'if');
  return telling.map((error) => ({ path: error.instancePath || '/', message: describe(error) }));
}

/** Checks an event's data as its producer must: unknown fields are refused too. Throws `invalid-event`. */
export function checkWrittenEvent<T extends EventType>(type: T, data: unknown): asserts data is EventData[T] {
  refuseFlaws(type, flawsOf(eventWriters[type], data));
}

/** Checks an event's data as a consumer does: fields it does not know are let through. Throws `invalid-event`. */
export function checkReadEvent<T extends EventType>(type: T, data: unknown): asserts data is EventData[T] {
  refuseFlaws(type, flawsOf(eventReaders[type], data));
}

function refuseFlaws(type: string, flaws: Flaw[]): void {
  const [first] = flaws;
  if (first) throw new MillraceError('invalid-event', `${type} ${first.path}: ${first.message}`, { type, errors: flaws });
}

function describe({ keyword, params, message }: ErrorObject): string {
  const given = params as Record<string, unknown>;
  switch (keyword) {
    case 'additionalProperties':
      return `unknown field "${String(given['additionalProperty'])}"`;
    case 'required':
      return `missing field "${String(given['missingProperty'])}"`;
    case 'enum':
      return `must be one of ${(given['allowedValues'] as unknown[]).map(String).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(given['allowedValue'])}`;
    default:
      return message ?? `fails ${keyword}`;
  }
}
