import type { Artifact, CodeFile } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { Settings } from '@millrace/runtime';
import { openObjectStore, putContent } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import { Inject, Injectable } from '@nestjs/common';

const largestFileBytes = 1_048_576;

/** Keeps training code as objects named by their content. */
@Injectable()
export class CodeStore {
  readonly #objects: ObjectStore;

  constructor(@Inject(Settings) settings: Settings<'registry'>) {
    if (!settings.objectStoreUrl) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is required by registry');
    this.#objects = openObjectStore(settings.objectStoreUrl, { accessKey: settings.s3AccessKey, secretKey: settings.s3SecretKey });
  }

  /**
   * Stores the files as one JSON list `[{ path, contentBase64 }]`, sorted by path, so that the same code has the
   * same address. Errors: `payload-too-large`, `invalid-request` for a path given twice, `object-store-unavailable`.
   */
  async store(project: string, files: readonly CodeFile[]): Promise<Artifact> {
    for (const { path, contentBase64 } of files) {
      if (contentBase64.length * 0.75 > largestFileBytes) throw new MillraceError('payload-too-large', `${path} is larger than 1 MiB`, { path });
    }
    const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
    const twice = sorted.find(({ path }, index) => sorted[index + 1]?.path === path);
    if (twice) throw new MillraceError('invalid-request', `${twice.path} is given twice`, { path: twice.path });
    return putContent(this.#objects, `${project}/code`, Buffer.from(JSON.stringify(sorted)), '.json');
  }
}
