import type { AnyEvent } from '@millrace/contracts';
import { AnswersRaw, callerOf, inputOfRequest } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { isWanted } from '../adapters/event-filter.js';
import { LiveEvents } from '../adapters/live-events.js';
import { serverSentEvent } from '../adapters/server-sent-event.js';

/** A sign of life for proxies between, which close silent connections. */
const KEEP_ALIVE_MS = 15_000;
/** A caller that lets this much pile up is cut off; it can come back with the id of the last event it saw. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

@Controller()
export class EventsController implements BeforeApplicationShutdown {
  readonly #open = new Set<ServerResponse>();

  constructor(private readonly events: LiveEvents) {}

  @AnswersRaw('followEvents')
  async follow(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const wish = { ...inputOfRequest('followEvents', request), project: callerOf(request).project };
    const lastEventId = request.headers['last-event-id'];
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write(': connected\n\n');
    const send = (event: AnyEvent): void => {
      if (isWanted(event, wish)) raw.write(serverSentEvent(event));
      if (raw.writableLength > MAX_PENDING_BYTES) raw.destroy();
    };
    const { live, end } = this.events.listen(send, typeof lastEventId === 'string' ? lastEventId : undefined);
    const alive = setInterval(() => raw.write(': alive\n\n'), KEEP_ALIVE_MS);
    this.#open.add(raw);
    raw.on('close', () => {
      clearInterval(alive);
      end();
      this.#open.delete(raw);
    });
    await live.then(
      () => raw.write(': live\n\n'),
      () => raw.destroy(),
    );
  }

  /** Open streams would keep the HTTP server from ending. */
  beforeApplicationShutdown(): void {
    for (const raw of this.#open) raw.destroy();
  }
}
