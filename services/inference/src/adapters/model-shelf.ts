import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contracts';
import type { Target } from '@millrace/contracts';
import { loadModel } from '@millrace/scoring';
import type { Model } from '@millrace/scoring';
import { checkDigest, digestOf } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import type { StateDirectory } from './state-directory.js';

/** Models that no route names any more but that stay loaded, so that a rollback finds them. */
const MOST_IDLE = 4;

/** Loads models that the registry signed and whose file is the one that was signed; nothing else is ever served. */
export class ModelShelf {
  private readonly publicKey: KeyObject;
  private readonly models = new Map<string, Promise<Model>>();

  constructor(
    private readonly store: ObjectStore,
    private readonly state: StateDirectory,
    modelKeyFile: string,
  ) {
    this.publicKey = createPublicKey(readFileSync(modelKeyFile));
  }

  /** The target's model, loaded once. Errors: `untrusted-model`, `digest-mismatch`, `invalid-model`, those of the store. */
  async load(pipeline: string, target: Target): Promise<Model> {
    this.checkSignature(pipeline, target);
    const name = nameOf(target);
    const loading = this.models.get(name) ?? this.read(target).then((bytes) => loadModel(bytes, target.serving.signature));
    this.models.delete(name);
    this.models.set(name, loading);
    loading.catch(() => this.models.delete(name));
    return loading;
  }

  /** Frees what no target names, but for the few that were used last. */
  release(targets: readonly Target[]): void {
    const named = new Set(targets.map(nameOf));
    const idle = [...this.models.keys()].filter((name) => !named.has(name));
    for (const name of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) {
      void this.models.get(name)?.then((model) => model.release());
      this.models.delete(name);
    }
  }

  /** Ed25519 over the RFC 8785 form of what was approved; its members are texts and whole numbers, so that sorted JSON is that form. */
  private checkSignature(pipeline: string, { modelVersion, model, signed }: Target): void {
    const { sha256, sizeBytes } = model;
    const approved = JSON.stringify({ modelVersion, pipeline, sha256, sizeBytes });
    if (!verify(null, Buffer.from(approved), this.publicKey, Buffer.from(signed.signature, 'base64'))) {
      throw new MillraceError('untrusted-model', `Version ${modelVersion} of ${pipeline} is not signed by the registry`, { pipeline, modelVersion });
    }
  }

  private async read({ model }: Target): Promise<Uint8Array> {
    const name = `models/${model.sha256}.onnx`;
    const kept = await this.state.read(name);
    if (kept && digestOf(kept).sha256 === model.sha256) return kept;
    const bytes = await this.store.get(this.store.keyOf(model.url));
    checkDigest(model.url, digestOf(bytes), model);
    await this.state.write(name, bytes);
    return bytes;
  }
}

function nameOf({ model, serving }: Target): string {
  return `${model.sha256} ${JSON.stringify(serving.signature)}`;
}
