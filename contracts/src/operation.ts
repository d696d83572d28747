import { operations } from './generated/operations.js';
import type { OperationId, OperationInputs, OperationOutputs } from './generated/operations.js';
import { inputValidators } from './generated/validators.js';
import { MillraceError } from './millrace-error.js';
import { valueOfText } from './value-of-text.js';
import { flawsOf } from './validation.js';

/** What the table of operations says of one HTTP operation. */
export interface Operation {
  service: string;
  operationId: string;
  method: string;
  /** With parameters in braces: `/model-versions/{id}`. */
  path: string;
  /** The caller needs one of these; `public` needs no caller. */
  roles: readonly string[];
  /** HTTP status of success. */
  status: number;
  summary: string;
  /** Media type of the request body, null without one. Bodies that are not JSON are not part of the input. */
  accepts: string | null;
  /** Media type of the answer, null without a body. */
  produces: string | null;
  /** Largest body in bytes; null takes the service's setting. */
  maxBodyBytes: number | null;
  /** Declared JSON types of parameters, which arrive as text. */
  pathTypes: Readonly<Record<string, string>>;
  queryTypes: Readonly<Record<string, string>>;
}

/** The merged, checked input of an operation (path, query and JSON body), defaults filled. */
export type OperationInput<Id extends OperationId> = OperationInputs[Id];
export type OperationOutput<Id extends OperationId> = OperationOutputs[Id];

/** A request as an HTTP server hands it over. */
export interface RequestParts {
  path: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed JSON body; undefined without one. */
  body?: unknown;
}

/** Merges and checks the parts of a request. Throws `invalid-request` with every flaw at once. */
export function inputOf<Id extends OperationId>(id: Id, { path, query, body }: RequestParts): OperationInput<Id> {
  const { pathTypes, queryTypes, accepts } = operations[id];
  const isJson = accepts === 'application/json';
  if (isJson && body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw new MillraceError('invalid-request', 'The body must be a JSON object', { errors: [{ path: '/', message: 'must be object' }] });
  }
  const input = { ...(isJson ? (body as object | undefined) : {}), ...typed(query, queryTypes), ...typed(path, pathTypes) };
  const flaws = flawsOf(inputValidators[id], input);
  const [first] = flaws;
  if (first) throw new MillraceError('invalid-request', `${first.path}: ${first.message}`, { errors: flaws });
  return input as unknown as OperationInput<Id>;
}

function typed(texts: RequestParts['query'], types: Readonly<Record<string, string>>): Record<string, unknown> {
  const present = Object.entries(texts).filter(([, text]) => text !== undefined);
  return Object.fromEntries(present.map(([name, text]) => [name, valueOfText(text ?? '', types[name])]));
}
