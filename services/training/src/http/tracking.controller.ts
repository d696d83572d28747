import type { RequestCause } from '@millrace/runtime';
import { AnswersRaw, UnitOfWork, callerOf } from '@millrace/runtime';
import { MillraceError } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readingCalls, writingCalls } from '../use-cases/tracking/tracking-calls.js';
import type { TrackingArguments } from '../use-cases/tracking/tracking-arguments.js';
import { optionalText } from '../use-cases/tracking/tracking-arguments.js';
import { answerTracking, jsonBodyOf } from './tracking-answer.js';
import { checkWrites } from './tracking-access.js';

/** MLflow's own limit of a request. */
const mostBodyBytes = 1_000_000;

/** The MLflow tracking API, for its unmodified clients. Every path names an entity and a call on it. */
@Controller()
export class TrackingController {
  constructor(private readonly work: UnitOfWork) {}

  @AnswersRaw('readTracking')
  async read(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await answerTracking(reply, () => this.#reading(callOf(request), request.query as TrackingArguments));
  }

  @AnswersRaw('writeTracking')
  async write(request: FastifyRequest, reply: FastifyReply, cause: RequestCause): Promise<void> {
    await answerTracking(reply, async () => {
      const args = await jsonBodyOf(request, mostBodyBytes);
      const writing = writingCalls[callOf(request)];
      if (!writing) return this.#reading(callOf(request), args);
      checkWrites(callerOf(request), optionalText(args, 'run_id') ?? optionalText(args, 'run_uuid'));
      return this.work.run(cause, (tx) => writing(tx, args));
    });
  }

  @AnswersRaw('getTrackingServerInfo')
  async serverInfo(_: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.send({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
      presigned_upload_run_id_supported: false,
      presigned_upload_model_id_supported: false,
      features_enabled: { gateway: false },
    });
  }

  async #reading(path: string, args: TrackingArguments): Promise<object> {
    const reading = readingCalls[path];
    if (!reading) throw new MillraceError('route-not-found', `The tracking API has no call ${path}`);
    return this.work.read((tx) => reading(tx, args));
  }
}

/** Arguments are not checked by the contract: MLflow's clients send more than any version documents. */
function callOf(request: FastifyRequest): string {
  const { entity, call } = request.params as Record<string, string>;
  return `${entity}/${call}`;
}
