import { errorTable, MillraceError, operations } from '@millrace/contracts';
import type { ErrorCode, OperationId, OperationInput, OperationOutput, ServiceName } from '@millrace/contracts';
import type { Settings } from '../settings.js';
import type { Cause } from '../work/cause.js';
import type { JwtSigner } from './jwt-signer.js';

export interface CallOptions {
  /** Whom to ask; only for operations that every service has (contracts/http/chassis.yaml). */
  service?: ServiceName;
  /** Sent along: correlation, causation and trace, so that what the other service does belongs to the same cascade. */
  cause?: Cause;
  /** Sent as Idempotency-Key. */
  idempotencyKey?: string;
  /** Default 10,000. */
  timeoutMs?: number;
  /** Instead of this service's own token. */
  token?: string;
}

const defaultTimeoutMs = 10_000;

/** HTTP calls to other Millrace services with this service's own token. */
export class ServiceClient {
  constructor(
    private readonly settings: Settings<ServiceName>,
    private readonly signer: JwtSigner,
  ) {}

  /** Calls an operation by its contract. A problem document becomes the same MillraceError; no answer is `service-unavailable`. */
  async call<Id extends OperationId>(id: Id, input: OperationInput<Id>, options: CallOptions = {}): Promise<OperationOutput<Id>> {
    const { service, method, path, pathTypes, queryTypes } = operations[id];
    const fields = { ...(input as Record<string, unknown>) };
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])));
    const query = queryOf(fields, Object.keys(queryTypes));
    for (const name of [...Object.keys(pathTypes), ...Object.keys(queryTypes)]) delete fields[name];
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } };
    const response = await this.raw(options.service ?? (service as ServiceName), `${filled}${query}`, { method, ...body }, options);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as OperationOutput<Id>;
  }

  /** Any request. Throws for statuses from 400 on as `call` does; the body of the answer is unread. */
  async raw(service: ServiceName, path: string, init: RequestInit = {}, options: CallOptions = {}): Promise<Response> {
    const baseUrl = (this.settings.serviceUrls as Record<string, string>)[service];
    if (!baseUrl) throw new MillraceError('service-unavailable', `No address of ${service} is set (MILLRACE_SERVICE_URLS)`);
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${options.token ?? (await this.signer.ownToken())}`);
    for (const [name, value] of Object.entries(cascadeHeaders(options))) headers.set(name, value);
    const response = await fetch(new URL(path, baseUrl), { signal: AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs), ...init, headers }).catch((error: unknown) => {
      throw new MillraceError('service-unavailable', `${service} does not answer`, { cause: error });
    });
    if (response.status >= 400) throw await errorOf(response, service);
    return response;
  }
}

function queryOf(fields: Record<string, unknown>, names: string[]): string {
  const query = new URLSearchParams();
  for (const name of names) if (fields[name] !== undefined) query.set(name, String(fields[name]));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function cascadeHeaders({ cause, idempotencyKey }: CallOptions): Record<string, string> {
  return {
    ...(cause === undefined ? {} : { 'mr-correlation-id': cause.correlationId, 'mr-causation-id': cause.id }),
    ...(cause?.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

async function errorOf(response: Response, service: string): Promise<MillraceError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string } & Record<string, unknown>;
  const { code, detail = `${service} answered ${response.status}`, type: _type, title: _title, status: _status, instance: _instance, traceId: _traceId, todo: _todo, ...fields } = problem;
  const known = code !== undefined && Object.hasOwn(errorTable, code) ? (code as ErrorCode) : response.status >= 500 ? 'service-unavailable' : 'internal-error';
  return new MillraceError(known, detail, fields);
}
