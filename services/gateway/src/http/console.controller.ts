import { AnswersRaw } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../web/console.html', import.meta.url), 'utf8');
/** The page runs its own script and style and nothing else, and talks to this gateway alone. */
const POLICY = `default-src 'none'; connect-src 'self'; img-src data:; script-src ${digestsOf('script')}; style-src ${digestsOf('style')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

@Controller()
export class ConsoleController {
  @AnswersRaw('getConsole')
  async page(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await reply.headers({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }).type('text/html; charset=utf-8').send(PAGE);
  }
}

function digestsOf(element: 'script' | 'style'): string {
  const contents = [...PAGE.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map((match) => match[1] ?? '');
  return contents.map((content) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`).join(' ');
}
