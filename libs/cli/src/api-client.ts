import { randomUUID } from 'node:crypto';
import { MillraceError, operations } from '@millrace/contracts';
import type { ErrorCode, OperationId, OperationInput, OperationOutput, ServiceName } from '@millrace/contracts';
import type { Profile } from './profile.js';

/** The body of an answer with an error, RFC 9457. */
interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  todo?: string;
  errors?: unknown[];
  traceId?: string;
}

/** Calls Millrace's HTTP API through the gateway. Problems become `MillraceError`s with their fields. */
export class ApiClient {
  private profile: Promise<Profile> | undefined;

  /** @param readProfile called at the first request */
  constructor(private readonly readProfile: () => Promise<Profile>) {}

  /**
   * Calls an operation of contracts/http whose answer is JSON.
   * @param service whom to ask, for operations that every service has (contracts/http/chassis.yaml)
   */
  async call<Id extends OperationId>(id: Id, input: OperationInput<Id>, service?: ServiceName): Promise<OperationOutput<Id>> {
    return (await (await this.send(id, input, service)).json()) as OperationOutput<Id>;
  }

  /** Calls an operation whose answer is text. */
  async text<Id extends OperationId>(id: Id, input: OperationInput<Id>): Promise<string> {
    return (await this.send(id, input)).text();
  }

  /** Calls an operation whose answer is bytes. */
  async bytes<Id extends OperationId>(id: Id, input: OperationInput<Id>): Promise<Uint8Array> {
    return new Uint8Array(await (await this.send(id, input)).arrayBuffer());
  }

  private send<Id extends OperationId>(id: Id, input: OperationInput<Id>, service?: ServiceName): Promise<Response> {
    const operation = operations[id];
    const rest = new Map<string, unknown>(Object.entries(input as object).filter(([, value]) => value !== undefined));
    const take = (name: string): string => {
      const value = rest.get(name);
      rest.delete(name);
      return encodeURIComponent(String(value));
    };
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => take(name));
    const query = Object.keys(operation.queryTypes).filter((name) => rest.has(name)).map((name) => `${name}=${take(name)}`);
    const search = query.length === 0 ? '' : `?${query.join('&')}`;
    const body = operation.accepts === 'application/json' ? Object.fromEntries(rest) : undefined;
    return this.request(`/api/${service ?? operation.service}${path}${search}`, operation.method.toUpperCase(), body);
  }

  private async request(path: string, method: string, body?: object): Promise<Response> {
    this.profile ??= this.readProfile();
    const { gatewayUrl, token } = await this.profile;
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method !== 'GET') headers['idempotency-key'] = randomUUID();
    const response = await fetch(`${gatewayUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch((error: Error) => {
      throw new MillraceError('service-unavailable', `Nothing answers at ${gatewayUrl}; start Millrace by \`npm start\`, or name its gateway in MILLRACE_URL.`, { cause: error });
    });
    if (!response.ok) throw await refusalOf(response, `${method} ${path}`);
    return response;
  }
}

async function refusalOf(response: Response, request: string): Promise<MillraceError> {
  const text = await response.text();
  const problem = parseProblem(text);
  const detail = problem?.detail ?? problem?.title ?? `${request} answered ${response.status}: ${text.slice(0, 300)}`;
  return new MillraceError((problem?.code ?? 'internal-error') as ErrorCode, detail, { ...(problem?.errors === undefined ? {} : { errors: problem.errors }), todo: problem?.todo, traceId: problem?.traceId });
}

function parseProblem(text: string): Problem | undefined {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return undefined; // a proxy's page
  }
}
