import { MillraceError } from '@millrace/contracts';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { setCaller } from './caller.js';
import type { Caller } from './caller.js';
import { projectOf } from './cause-of-request.js';
import type { JwtVerifier } from './jwt-verifier.js';
import { operationMetadata } from './route-access.js';
import type { RouteAccess } from './route-access.js';

/** Lets a request through when its token verifies, has one of the roles that the operation declares, and is for the project addressed. Routes that declare nothing are closed. */
export class RoleGuard implements CanActivate {
  constructor(private readonly verifier: JwtVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = Reflect.getMetadata(operationMetadata, context.getHandler()) as RouteAccess | undefined;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (access?.roles.includes('public')) return true;
    const caller = await this.verifier.verify(tokenOf(request));
    checkRole(caller, access);
    checkProject(caller, projectOf(request));
    setCaller(request, caller);
    return true;
  }
}

function tokenOf(request: FastifyRequest): string {
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (!token) throw new MillraceError('unauthenticated', 'Send the header Authorization: Bearer <token>');
  return token;
}

function checkRole({ roles }: Caller, access: RouteAccess | undefined): void {
  const needed = access?.roles ?? [];
  if (roles.includes('admin') || needed.some((role) => roles.includes(role))) return;
  throw new MillraceError('role-required', `${access?.operationId ?? 'This address'} needs one of the roles ${[...needed, 'admin'].join(', ')}`, { roles: needed });
}

function checkProject({ project }: Caller, addressed: string | undefined): void {
  if (project === '*' || addressed === undefined || addressed === project) return;
  throw new MillraceError('project-forbidden', `The token is for the project ${project}, not for ${addressed}`);
}
