import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appendLeaves, emptyRange, formatEntryBundle, formatVerifierKey, leafHash, noteSignerOf, rootOf, signCheckpoint } from '@millrace/merkle';
import type { LogPolicy, NoteSigner } from '@millrace/merkle';
import { ApiClient } from './api-client.js';
import { verifyAuditLog } from './audit-log-verification.js';

const origin = 'millrace.test/audit';

describe('the verification of an audit log', () => {
  let events: string[];
  let signer: NoteSigner;
  let policy: LogPolicy;
  let server: Server;
  let api: ApiClient;
  /** What the log's keeper changes behind the auditor's back. */
  let servedEntry: (entry: string, index: number) => string;

  beforeEach(async () => {
    events = Array.from({ length: 300 }, (_, index) => `{"event":${index}}`);
    signer = noteSignerOf(origin, randomBytes(32));
    policy = { origin, logKeys: [signer.key] };
    servedEntry = (entry) => entry;
    server = createServer((request, response) => response.end(answer(new URL(request.url ?? '', 'http://log'))));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    api = new ApiClient(() => Promise.resolve({ gatewayUrl, token: 'token' }));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const entryOf = (event: string): string => JSON.stringify({ dataSha256: createHash('sha256').update(event).digest('hex') });
  const checkpointOf = (size: number): string => {
    const leaves = events.slice(0, size).map((event) => leafHash(Buffer.from(entryOf(event))));
    return signCheckpoint({ origin, size, root: rootOf(appendLeaves(emptyRange(), leaves).next) }, [signer]);
  };

  /** A log's HTTP side over the list of events. */
  function answer({ pathname, searchParams }: URL): string | Uint8Array {
    const [, bundle] = /\/audit\/bundles\/(\d+)$/.exec(pathname) ?? [];
    if (bundle !== undefined) {
      const first = Number(bundle) * 256;
      const entries = events.slice(first, first + Number(searchParams.get('width'))).map((event, index) => Buffer.from(servedEntry(entryOf(event), first + index)));
      return formatEntryBundle(entries);
    }
    const [, index] = /\/audit\/entries\/(\d+)$/.exec(pathname) ?? [];
    if (index !== undefined) return JSON.stringify({ entry: JSON.parse(entryOf(events[Number(index)] ?? '')), data: events[Number(index)] });
    return checkpointOf(events.length);
  }

  it('confirms signature, inclusion of every entry and consistency with an older checkpoint', async () => {
    expect(await verifyAuditLog(api, policy, checkpointOf(120))).toMatchObject({ size: 300, since: 120, eventsCompared: 50 });
  });

  it('finds an entry that was changed', async () => {
    servedEntry = (entry, index) => (index === 270 ? entry.replace('dataSha256', 'dataSha257') : entry);
    await expect(verifyAuditLog(api, policy, undefined)).rejects.toThrow('an entry was changed');
  });

  it('finds a past that was rewritten and signed again', async () => {
    const older = checkpointOf(120);
    events[60] = '{"event":"forged"}';
    await expect(verifyAuditLog(api, policy, older)).rejects.toThrow('the first 120 entries are not those of the older checkpoint');
  });

  it('finds that entries were removed', async () => {
    const older = checkpointOf(300);
    events.pop();
    await expect(verifyAuditLog(api, policy, older)).rejects.toThrow('entries were removed');
  });

  it('does not believe a checkpoint that another key signed', async () => {
    const stranger = noteSignerOf(origin, randomBytes(32));
    await expect(verifyAuditLog(api, { origin, logKeys: [stranger.key] }, undefined)).rejects.toThrow(/cannot be believed/);
    expect(formatVerifierKey(stranger.key)).not.toBe(formatVerifierKey(signer.key));
  });
});
