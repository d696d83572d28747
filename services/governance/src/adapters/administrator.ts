import { Settings, UnitOfWork, timerCause } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { admitAdministrator } from '../use-cases/admit-administrator.js';

/** Takes in the administrator's token of the settings before the first request is answered. */
@Injectable()
export class Administrator implements OnApplicationBootstrap {
  constructor(
    private readonly work: UnitOfWork,
    @Inject(Settings) private readonly settings: Settings<'governance'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminTokenFile } = this.settings;
    if (adminTokenFile === undefined) return;
    const secret = (await readFile(adminTokenFile, 'utf8')).trim();
    await this.work.run(timerCause({ name: 'governance', project: 'default' }), (tx) => admitAdministrator(tx, secret));
  }
}
