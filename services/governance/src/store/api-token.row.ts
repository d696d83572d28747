import type { ApiToken } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token for callers outside. */
@Entity('api_tokens')
export class ApiTokenRow {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { name: 'secret_sha256' })
  secretSha256: string;

  @Column('text')
  subject: string;

  @Column('text', { array: true })
  roles: ApiToken['roles'];

  @Column('text')
  project: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}

export function toApiToken(row: ApiTokenRow): ApiToken {
  const { id, subject, roles, project, createdBy } = row;
  const times = { createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt?.toISOString() ?? null, revokedAt: row.revokedAt?.toISOString() ?? null };
  return { id, subject, roles, project, createdBy, ...times };
}
