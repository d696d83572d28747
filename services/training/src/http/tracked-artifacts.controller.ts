import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestCause } from '@millrace/runtime';
import { AnswersRaw, RawRoute, UnitOfWork, callerOf } from '@millrace/runtime';
import { putContentOfFile } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Objects } from '../adapters/objects.js';
import { artifactPlaceOf, findArtifact, listArtifacts, recordArtifact } from '../use-cases/tracking/artifacts.js';
import { invalidArgument, optionalText } from '../use-cases/tracking/tracking-arguments.js';
import type { TrackingArguments } from '../use-cases/tracking/tracking-arguments.js';
import { answerTracking } from './tracking-answer.js';
import { checkWrites } from './tracking-access.js';

const mostBytes = 1024 ** 3;
const route = '/api/2.0/mlflow-artifacts/artifacts/*';

/** Artifacts of runs through MLflow's artifact proxy. Paths hold slashes, so their routes are Fastify's wildcards. */
@Controller()
export class TrackedArtifactsController {
  constructor(
    private readonly work: UnitOfWork,
    @Inject(Objects) private readonly objects: ObjectStore,
  ) {}

  @AnswersRaw('listTrackedArtifacts')
  async list(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await answerTracking(reply, async () => {
      const place = artifactPlaceOf(optionalText(request.query as TrackingArguments, 'path') ?? '');
      return this.work.read((tx) => listArtifacts(tx, place));
    });
  }

  @RawRoute({ method: 'GET', path: route, roles: ['tracking', 'scientist', 'viewer'], name: 'downloadTrackedArtifact' })
  async download(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await answerTracking(reply, async () => {
      const place = artifactPlaceOf(pathOf(request));
      const { url, sizeBytes } = await this.work.read((tx) => findArtifact(tx, place));
      void reply.header('content-type', 'application/octet-stream').header('content-length', sizeBytes);
      return this.objects.getStream(this.objects.keyOf(url));
    });
  }

  @RawRoute({ method: 'PUT', path: route, roles: ['tracking', 'scientist'], name: 'uploadTrackedArtifact' })
  async upload(request: FastifyRequest, reply: FastifyReply, cause: RequestCause): Promise<void> {
    await answerTracking(reply, async () => {
      const place = artifactPlaceOf(pathOf(request));
      checkWrites(callerOf(request), place.runId);
      const directory = await mkdtemp(join(tmpdir(), 'millrace-artifact-'));
      try {
        const path = join(directory, 'bytes');
        await pipeline(Readable.from(limited(request.raw)), createWriteStream(path));
        const stored = await putContentOfFile(this.objects, `${cause.project}/artifacts`, path, extname(place.path).slice(0, 16));
        await this.work.run(cause, (tx) => recordArtifact(tx, place, stored));
        return {};
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });
  }
}

function pathOf(request: FastifyRequest): string {
  return (request.params as Record<string, string>)['*'] ?? '';
}

async function* limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > mostBytes) throw invalidArgument(`An artifact has at most ${mostBytes} bytes`);
    yield part;
  }
}
