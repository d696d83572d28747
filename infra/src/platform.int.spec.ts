import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf } from './command-line-of.js';
import { platformSettings } from './platform-settings.js';
import { platformStatus } from './platform-status.js';
import { startPlatform } from './platform.js';
import type { RunningPlatform } from './platform.js';
import { resetHome } from './reset-home.js';
import { eventually } from './testing/eventually.js';

const patienceMs = 120_000;

/** Runs the built services, as `npm start` does. */
describe('the platform', () => {
  let home: string;
  let platform: RunningPlatform;
  let lines: string[];
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'millrace-platform-'));
    lines = [];
    platform = await startPlatform({ home, freePorts: true, compact: true, onLine: (line, part) => lines.push(`${part}: ${line}`) });
  }, patienceMs);
  afterAll(async () => {
    await platform.stop();
    await resetHome(home);
    rmSync(home, { recursive: true, force: true });
  }, patienceMs);

  const status = (): ReturnType<typeof platformStatus> => platformStatus({ ...platformSettings({}), home });
  const api = (path: string, token = platform.adminToken): Promise<Response> => fetch(`${platform.urls.gateway}${path}`, { headers: { authorization: `Bearer ${token}` } });

  it('reports every part as ready, with its address', async () => {
    const { running, parts } = await status();
    expect(running).toBe(true);
    expect(parts).toHaveLength(12);
    expect(parts.filter(({ state }) => state !== 'ready')).toEqual([]);
  });

  it('opens its API to the generated admin token and to no other', async () => {
    expect((await api('/api/registry/pipelines')).status).toBe(200);
    expect((await api('/api/registry/pipelines', 'mr_wrong')).status).toBe(401);
    expect((await fetch(`${platform.urls.registry}/pipelines`)).status).toBe(401);
  });

  it('is not wiped while it runs', async () => {
    expect(JSON.parse(readFileSync(join(home, 'run.json'), 'utf8'))).toMatchObject({ pid: process.pid, state: 'running' });
    await expect(resetHome(home)).rejects.toThrow(/^Millrace runs in .*; stop it by Ctrl-C/);
  });

  it('starts its services again after a crash', async () => {
    const services = platform.parts().find(({ name }) => name === 'services');
    const pid = services?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() => services?.state === 'running' && services.pid !== pid && services.pid !== undefined);
    expect(lines).toContain('services: is running again');
    expect((await api('/api/registry/pipelines')).status).toBe(200);
  }, patienceMs);

  it('stops everything, and starts again with its state', async () => {
    const pids = platform.parts().map(({ pid }) => pid ?? 0);
    const { adminToken } = platform;
    await platform.stop();
    expect(await Promise.all(pids.map(commandLineOf))).toEqual(pids.map(() => undefined));
    expect(existsSync(join(home, 'run.json'))).toBe(false);
    platform = await startPlatform({ home, freePorts: true, compact: true });
    expect(platform.adminToken).toBe(adminToken);
    expect((await api('/api/registry/pipelines')).status).toBe(200);
  }, patienceMs);
});
