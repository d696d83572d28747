import { MillraceError } from '@millrace/contracts';
import type { AuditRecordDetail, OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, AnswersRaw, UnitOfWork, inputOfRequest } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LogKeeper } from '../adapters/log-keeper.js';
import { LogSigner } from '../adapters/log-signer.js';
import { findAuditEntries } from '../use-cases/find-audit-entries.js';
import { proveEntry } from '../use-cases/prove-entry.js';
import { proveGrowth } from '../use-cases/prove-growth.js';
import { readAuditEntry } from '../use-cases/read-audit-entry.js';
import { readCheckpoint } from '../use-cases/read-checkpoint.js';
import { readEntryBundle } from '../use-cases/read-entry-bundle.js';
import { readTile } from '../use-cases/read-tile.js';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

@Controller()
export class AuditController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly keeper: LogKeeper,
    private readonly signer: LogSigner,
  ) {}

  @Answers('listAuditEntries')
  list(query: OperationInput<'listAuditEntries'>, { callerProject }: RequestCause): Promise<OperationOutput<'listAuditEntries'>> {
    return this.work.read((tx) => findAuditEntries(tx, query, callerProject));
  }

  @Answers('getAuditEntry')
  entry({ index }: OperationInput<'getAuditEntry'>, { callerProject }: RequestCause): Promise<AuditRecordDetail> {
    return this.work.read((tx) => readAuditEntry(tx, index, callerProject));
  }

  @Answers('getAuditKey')
  key(): Promise<OperationOutput<'getAuditKey'>> {
    return Promise.resolve({ origin: this.signer.origin, verifierKey: this.signer.verifierKey });
  }

  @Answers('getAuditConsistency')
  consistency({ from, to }: OperationInput<'getAuditConsistency'>): Promise<OperationOutput<'getAuditConsistency'>> {
    return this.work.read((tx) => proveGrowth(tx, from, to));
  }

  @AnswersRaw('getAuditCheckpoint')
  async checkpoint(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { size, fresh } = inputOfRequest('getAuditCheckpoint', request);
    if (fresh) await this.keeper.signNow();
    const { note } = await this.work.read((tx) => readCheckpoint(tx, size));
    await reply.type(TEXT).send(note);
  }

  @AnswersRaw('getAuditProof')
  async proof(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { index, size } = inputOfRequest('getAuditProof', request);
    if (size === undefined) await this.keeper.signNow();
    await reply.type(TEXT).send(await this.work.read((tx) => proveEntry(tx, index, size)));
  }

  @AnswersRaw('getAuditTile')
  async tile(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { level, tile, width = 256 } = inputOfRequest('getAuditTile', request);
    await reply.type(BYTES).send(Buffer.from(await this.work.read((tx) => readTile(tx, { level, index: tile, width }))));
  }

  @AnswersRaw('getAuditEntryBundle')
  async bundle(request: FastifyRequest, reply: FastifyReply, { callerProject }: RequestCause): Promise<void> {
    if (callerProject !== '*') throw new MillraceError('project-forbidden', `The whole log holds all projects, the token is for ${callerProject}`);
    const { bundle, width = 256 } = inputOfRequest('getAuditEntryBundle', request);
    await reply.type(BYTES).send(Buffer.from(await this.work.read((tx) => readEntryBundle(tx, bundle, width))));
  }
}
