import { Settings, UnitOfWork, Workers, timerCause } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { admitAdministrator } from '../use-cases/exchange-token.js';

/** How often the token file is read again, so that a replaced one counts without a restart. */
const REREAD_MS = 30_000;

/** Keeps the administrator's token of the settings valid. */
@Injectable()
export class Administrator {
  constructor(
    private readonly work: UnitOfWork,
    workers: Workers,
    @Inject(Settings) { adminTokenFile }: Settings<'governance'>,
  ) {
    if (adminTokenFile !== undefined) workers.add({ name: 'administrator', intervalMs: REREAD_MS, run: () => this.admit(adminTokenFile) });
  }

  private async admit(file: string): Promise<void> {
    const secret = (await readFile(file, 'utf8')).trim();
    await this.work.run(timerCause({ name: 'governance', project: 'default' }), (tx) => admitAdministrator(tx, secret));
  }
}
