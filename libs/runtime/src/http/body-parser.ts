import { MillraceError } from '@millrace/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { operationMetadata } from './route-access.js';

/** A body over its limit is read to its end and thrown away up to here: callers and proxies that are still sending lose an answer that comes in the middle. */
const discardedBytes = 64 * 1024 * 1024;

/** What a route declares of its body in Fastify's `config`. */
interface BodyRule {
  isRaw?: boolean;
  maxBodyBytes?: number | null;
}

/**
 * Reads bodies: JSON into an object, at most `limitBytes` or what the operation declares; on raw routes nothing is read, the method
 * has the stream `request.raw`. Other media types are refused except on raw routes.
 */
export function installBodyParser(fastify: FastifyInstance, limitBytes: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', async (request: FastifyRequest) => {
    const { isRaw, maxBodyBytes } = (request.routeOptions.config as unknown as Record<string, BodyRule | undefined>)[operationMetadata] ?? {};
    if (isRaw) return undefined;
    const body = await readAll(request, maxBodyBytes ?? limitBytes);
    if (body.length === 0) return undefined;
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/(\w+\+)?json\b/.test(type)) throw new MillraceError('unsupported-media-type', `${type} is not accepted here, send application/json`);
    return parse(body);
  });
}

async function readAll(request: FastifyRequest, limitBytes: number): Promise<Buffer> {
  const refusal = (): MillraceError => new MillraceError('payload-too-large', `The body is larger than ${limitBytes} bytes`, { limitBytes });
  if (Number(request.headers['content-length'] ?? 0) > Math.max(limitBytes, discardedBytes)) throw refusal();
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.raw as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= limitBytes) parts.push(part);
    else if (length > discardedBytes) throw refusal();
    else parts.length = 0;
  }
  if (length > limitBytes) throw refusal();
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new MillraceError('unreadable-body', `The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
