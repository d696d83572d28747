import { MillraceError } from '@millrace/contracts';
import { formatVerifierKey, noteSignerOf } from '@millrace/merkle';
import type { NoteSigner } from '@millrace/merkle';
import { Settings } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const SEED_BYTES = 32;

/** The key that signs checkpoints, under the log's origin as its name. */
@Injectable()
export class LogSigner {
  readonly signer: NoteSigner;

  constructor(@Inject(Settings) settings: Settings<'governance'>) {
    this.signer = noteSignerOf(settings.logOrigin, seedIn(settings.logKeyFile));
  }

  get origin(): string {
    return this.signer.key.name;
  }

  get verifierKey(): string {
    return formatVerifierKey(this.signer.key);
  }
}

/** The secret of an Ed25519 key file; it stands at the end of its PKCS #8 form (RFC 8410). */
function seedIn(file: string): Uint8Array {
  const key = createPrivateKey(readFileSync(file, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new MillraceError('invalid-settings', `${file} holds no Ed25519 key`);
  return key.export({ format: 'der', type: 'pkcs8' }).subarray(-SEED_BYTES);
}
