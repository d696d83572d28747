import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API tokens by the digest of their secret; the secret itself is never stored. */
export class ApiTokens0003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_tokens (
        id text primary key,
        secret_sha256 text not null unique,
        subject text not null,
        roles text[] not null,
        project text not null,
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz,
        revoked_at timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_tokens');
  }
}
