import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { postgresBinaries, postgresData, postgresPointerFile } from './postgres-places.js';
import { resetHome } from './reset-home.js';
import { canEnter, unprivilegedUser } from './unprivileged-user.js';

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('Postgres under root, below a home that only root may enter', () => {
  let closed: string;
  let home: string;
  beforeEach(() => {
    closed = mkdtempSync(join(tmpdir(), 'closed-'));
    chmodSync(closed, 0o700);
    home = join(closed, 'home');
    mkdirSync(home);
  });
  afterEach(() => rmSync(closed, { recursive: true, force: true }));

  it('keeps its data where its user may enter, and the home says where', async () => {
    const user = await unprivilegedUser();
    if (user === undefined) throw new Error('root needs another user');
    const data = await postgresData(home, user);
    expect(await canEnter(user, home)).toBe(false);
    expect(await canEnter(user, data)).toBe(true);
    expect(readFileSync(postgresPointerFile(home), 'utf8').trim()).toBe(data);
    expect(await canEnter(user, join(await postgresBinaries(user), 'bin'))).toBe(true);
    await resetHome(home);
    expect(existsSync(dirname(data))).toBe(false);
  });

  it('removes the data of a home that was deleted by hand at the next start of another', async () => {
    const user = await unprivilegedUser();
    const orphan = await postgresData(home, user);
    rmSync(home, { recursive: true });
    const other = join(closed, 'other');
    mkdirSync(other);
    await postgresData(other, user);
    expect(existsSync(orphan)).toBe(false);
    await resetHome(other);
  });
});
