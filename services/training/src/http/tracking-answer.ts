import { MillraceError } from '@millrace/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** MLflow's clients act on its own error codes; this is the one place that translates to them. */
const codeOfKind: Record<MillraceError['kind'], [status: number, code: string]> = {
  invalid: [400, 'INVALID_PARAMETER_VALUE'],
  forbidden: [403, 'PERMISSION_DENIED'],
  'not-found': [404, 'RESOURCE_DOES_NOT_EXIST'],
  conflict: [409, 'RESOURCE_CONFLICT'],
  unavailable: [503, 'TEMPORARILY_UNAVAILABLE'],
  internal: [500, 'INTERNAL_ERROR'],
};

/** Answers a call of the MLflow API: its JSON, or an error in its form. Bytes and streams are sent as they are. */
export async function answerTracking(reply: FastifyReply, work: () => Promise<unknown>): Promise<void> {
  try {
    await reply.send(await work());
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const [status, code] = error.code === 'experiment-already-exists' ? [400, 'RESOURCE_ALREADY_EXISTS'] : codeOfKind[error.kind];
    await reply.status(status).send({ error_code: code, message: error.detail });
  }
}

/** The JSON body of a raw route, at most `limitBytes`; an empty one is `{}`. Throws `unreadable-body`, `payload-too-large`. */
export async function jsonBodyOf(request: FastifyRequest, limitBytes: number): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request.raw as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > limitBytes) throw new MillraceError('payload-too-large', `The body is larger than ${limitBytes} bytes`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString();
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MillraceError('unreadable-body', 'The body is not a JSON object');
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MillraceError('unreadable-body', `The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
