import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Artifact, SignedModel } from '@millrace/contracts';
import { canonicalJson } from '@millrace/merkle';
import { Settings } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';

/** Signs approved model versions: whoever serves them checks that the file is the one that was approved. */
@Injectable()
export class ModelSigner {
  readonly #key: KeyObject;
  readonly #keyId: string;

  constructor(@Inject(Settings) settings: Settings<'registry'>) {
    this.#key = createPrivateKey(readFileSync(settings.modelKeyFile));
    const publicKey = createPublicKey(this.#key).export({ type: 'spki', format: 'der' });
    this.#keyId = createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
  }

  /** Ed25519 over the RFC 8785 form of the version and its file; `keyId` is the start of the public key's SHA-256. */
  sign(pipeline: string, modelVersion: number, { sha256, sizeBytes }: Artifact): SignedModel {
    const statement = canonicalJson({ pipeline, modelVersion, sha256, sizeBytes });
    return { keyId: this.#keyId, signature: sign(null, Buffer.from(statement), this.#key).toString('base64') };
  }
}
