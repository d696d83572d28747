import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { protobufFields } from './protobuf-fields.js';
import type { ProtobufFields } from './protobuf-fields.js';

/** A span as it came over OTLP. Ids are hex. */
export interface CollectedSpan {
  service: string;
  name: string;
  /** `server`, `client`, `producer`, `consumer` or `internal`. */
  kind: string;
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentId: string;
  attributes: Record<string, string | number | boolean>;
  links: { traceId: string; spanId: string }[];
  isError: boolean;
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const errorStatus = 2n;

/** Receives traces as an OpenTelemetry collector does (OTLP over HTTP, protobuf), for tests. Give `url` as MILLRACE_OTLP_ENDPOINT. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const collector = new TraceCollector(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        collector.spans.push(...spansOf(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
        response.end();
      });
    });
    return collector;
  }

  /** Spans of one trace. */
  of(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** ExportTraceServiceRequest: resource_spans 1 → resource 1, scope_spans 2 → spans 2. */
function spansOf(request: Buffer): CollectedSpan[] {
  return messages(protobufFields(request), 1).flatMap((resourceSpans) => {
    const service = String(messages(resourceSpans, 1).map((resource) => attributesOf(resource, 1))[0]?.['service.name'] ?? '');
    return messages(resourceSpans, 2).flatMap((scopeSpans) => messages(scopeSpans, 2).map((span) => spanOf(service, span)));
  });
}

function spanOf(service: string, span: ProtobufFields): CollectedSpan {
  const links = messages(span, 13).map((link) => ({ traceId: hex(link, 1), spanId: hex(link, 2) }));
  const isError = messages(span, 15).some((status) => status.get(3)?.[0] === errorStatus);
  return { service, name: text(span, 5), kind: kinds[Number(span.get(6)?.[0] ?? 0n)] ?? '', traceId: hex(span, 1), spanId: hex(span, 2), parentId: hex(span, 4), attributes: attributesOf(span, 9), links, isError };
}

/** KeyValue: key 1, value 2 with string 1, bool 2, int 3, double 4. */
function attributesOf(message: ProtobufFields, field: number): CollectedSpan['attributes'] {
  return Object.fromEntries(messages(message, field).flatMap((pair) => messages(pair, 2).map((value) => [text(pair, 1), valueOf(value)])));
}

function valueOf(value: ProtobufFields): string | number | boolean {
  const [bool, int, double] = [value.get(2)?.[0], value.get(3)?.[0], value.get(4)?.[0]];
  if (bool !== undefined) return bool === 1n;
  if (int !== undefined) return Number(BigInt.asIntN(64, int as bigint));
  return Buffer.isBuffer(double) ? double.readDoubleLE() : text(value, 1);
}

function messages(message: ProtobufFields, field: number): ProtobufFields[] {
  return (message.get(field) ?? []).map((value) => protobufFields(value as Buffer));
}

function text(message: ProtobufFields, field: number): string {
  return ((message.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString();
}

function hex(message: ProtobufFields, field: number): string {
  return ((message.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)).toString('hex');
}
