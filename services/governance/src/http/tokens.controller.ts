import { MillraceError } from '@millrace/contracts';
import type { ApiToken, OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, AnswersRaw, JwtSigner, Settings, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readFile } from 'node:fs/promises';
import { digestOfSecret, newSecret } from '../use-cases/api-token-secret.js';
import { createToken } from '../use-cases/create-token.js';
import { identifyCaller } from '../use-cases/identify-caller.js';
import { listTokens } from '../use-cases/list-tokens.js';
import { revokeToken } from '../use-cases/revoke-token.js';

@Controller()
export class TokensController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly jwtSigner: JwtSigner,
    @Inject(Settings) private readonly settings: Settings<'governance'>,
  ) {}

  /** The secret is never stored, so a repeated request (same Idempotency-Key) is answered without it. */
  @Answers('createToken')
  async create(input: OperationInput<'createToken'>, cause: RequestCause): Promise<OperationOutput<'createToken'>> {
    const secret = newSecret();
    const digest = digestOfSecret(secret);
    const created = await this.work.run(cause, async (tx) => ({ token: await createToken(tx, input, digest), digest }));
    return { token: created.token, secret: created.digest === digest ? secret : null };
  }

  @Answers('listTokens')
  async list(): Promise<OperationOutput<'listTokens'>> {
    return { tokens: await this.work.read(listTokens) };
  }

  @Answers('revokeToken')
  revoke({ id }: OperationInput<'revokeToken'>, cause: RequestCause): Promise<ApiToken> {
    return this.work.run(cause, (tx) => revokeToken(tx, id));
  }

  @AnswersRaw('exchangeToken')
  async exchange(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [, secret] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!secret) throw new MillraceError('unauthenticated', 'Send the API token as Authorization: Bearer');
    const { subject, roles, project } = await this.work.read((tx) => identifyCaller(tx, secret));
    const expiresInMs = this.settings.tokenLifeMs;
    const jwt = await this.jwtSigner.sign({ sub: subject, roles, project, expiresInMs });
    await reply.send({ jwt, expiresAt: new Date(Date.now() + expiresInMs).toISOString(), subject, roles, project });
  }

  @Answers('getJwks')
  async keys(): Promise<OperationOutput<'getJwks'>> {
    return JSON.parse(await readFile(this.settings.jwksFile, 'utf8')) as OperationOutput<'getJwks'>;
  }
}
