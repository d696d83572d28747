import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { digestOf } from './digest.js';
import type { ObjectStore } from './object-store.js';
import { openObjectStore } from './open-object-store.js';
import { objectStoresUnderTest, openFileStore } from './testing/object-stores-under-test.js';
import type { OpenedStore } from './testing/object-stores-under-test.js';
import { putContent, putContentOfFile } from './put-content.js';

describe.each(objectStoresUnderTest)('an object store of kind %s', (_kind, open) => {
  let opened: OpenedStore;
  let store: ObjectStore;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  }, 120_000);
  afterAll(() => opened.close());
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

  it('gives back what was put, as bytes and as a stream, and replaces it', async () => {
    await store.put('a/b.txt', Buffer.from('first'));
    await store.put('a/b.txt', Readable.from([Buffer.from('sec'), Buffer.from('ond')]));
    expect(text(await store.get('a/b.txt'))).toBe('second');
    expect(text(await buffer(await store.getStream('a/b.txt')))).toBe('second');
    expect(await store.sizeOf('a/b.txt')).toBe(6);
  });

  it('lets one of many racing writers create an object', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, (_unused, index) => store.putIfAbsent('log/0.json', Buffer.from(`writer ${index}`))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(text(await store.get('log/0.json'))).toBe(`writer ${won.indexOf(true)}`);
    expect(await store.putIfAbsent('log/0.json', Buffer.from('late'))).toBe(false);
  });

  it('says that an object is not there', async () => {
    await expect(store.get('no/such')).rejects.toMatchObject({ code: 'object-not-found' });
    await expect(store.getStream('no/such')).rejects.toMatchObject({ code: 'object-not-found' });
    await expect(store.localPath(store.urlOf('no/such'))).rejects.toMatchObject({ code: 'object-not-found' });
    expect([await store.exists('no/such'), await store.sizeOf('no/such')]).toEqual([false, null]);
    await store.remove('no/such');
  });

  it('lists by prefix in order, and forgets what was removed', async () => {
    for (const key of ['list/b/2', 'list/a', 'list/b/10', 'listing']) await store.put(key, Buffer.from(key));
    const listed = async (prefix: string): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of store.list(prefix)) keys.push(key);
      return keys;
    };
    expect(await listed('list/')).toEqual(['list/a', 'list/b/10', 'list/b/2']);
    expect(await listed('list/b/1')).toEqual(['list/b/10']);
    await store.remove('list/a');
    expect(await listed('list')).toEqual(['list/b/10', 'list/b/2', 'listing']);
    expect(await listed('nothing/here')).toEqual([]);
  });

  it('names content by its digest, from memory and from a file, and stores it once', async () => {
    const bytes = Buffer.from('the same bytes');
    const path = join(opened.cacheDirectory, 'source.bin');
    await writeFile(path, bytes);
    const fromMemory = await putContent(store, 'models', bytes, '.onnx');
    expect(fromMemory).toEqual({ url: `${store.rootUrl}/models/${digestOf(bytes).sha256}.onnx`, ...digestOf(bytes) });
    expect(await putContentOfFile(store, 'models', path, '.onnx')).toEqual(fromMemory);
    expect(text(await store.get(store.keyOf(fromMemory.url)))).toBe('the same bytes');
  });

  it('gives a local path whose content is what the event announced, and refuses another', async () => {
    const stored = await putContent(store, 'segments', Buffer.from('rows'), '.parquet');
    expect(await readFile(await store.localPath(stored.url, stored), 'utf8')).toBe('rows');
    await expect(store.localPath(stored.url, { ...stored, sizeBytes: 5 })).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it.each(['../outside', '/absolute', 'a//b', 'a/./b', '.incoming/x', '', 'a/', `long/${'x'.repeat(1000)}`])('refuses the key "%s"', async (key) => {
    await expect((async () => store.put(key, Buffer.from('x')))()).rejects.toMatchObject({ code: 'invalid-object-key' });
  });

  it('refuses a URL of another store', () => {
    expect(() => store.keyOf('s3://elsewhere/a')).toThrow('is not an object of');
  });
});

describe('opening an object store', () => {
  it('refuses an address it does not know', () => {
    expect(() => openObjectStore('ftp://host/files')).toThrow('expected file:///directory or s3://bucket');
    expect(() => openObjectStore('s3://bucket?endpoint=nowhere')).toThrow('is not an http or https URL');
  });

  it('leaves nothing half-written behind a write that failed', async () => {
    const { store, cacheDirectory, close } = await openFileStore();
    const broken = Readable.from((async function* () { yield Buffer.from('half'); throw new Error('the sender went away'); })());
    await expect(store.put('a', broken)).rejects.toMatchObject({ code: 'object-store-unavailable' });
    expect(await store.exists('a')).toBe(false);
    expect(await readdir(join(cacheDirectory, 'some objects', '.incoming'))).toEqual([]);
    await close();
  });

  it('tells a store that is away from an object that is not there, and goes on when it is back', async () => {
    const { store, cacheDirectory, close } = await openFileStore();
    const root = join(cacheDirectory, 'some objects');
    await store.put('a/b', Buffer.from('kept'));
    await rename(root, `${root} unmounted`);
    await writeFile(root, '');
    const late = openObjectStore(pathToFileURL(root).href);
    for (const one of [store, late]) {
      const away = { code: 'object-store-unavailable' };
      await expect(one.get('a/b')).rejects.toMatchObject(away);
      await expect(one.get('no/such')).rejects.toMatchObject(away);
      await expect(one.exists('a/b')).rejects.toMatchObject(away);
      await expect(one.list('a/')[Symbol.asyncIterator]().next()).rejects.toMatchObject(away);
      await expect(one.put('c', Buffer.from('c'))).rejects.toMatchObject(away);
    }
    await rm(root);
    await rename(`${root} unmounted`, root);
    for (const one of [store, late]) {
      expect(await one.exists('a/b')).toBe(true);
      await one.put('c', Buffer.from('c'));
    }
    await rm(root, { recursive: true });
    await mkdir(root);
    await expect(store.exists('a/b')).rejects.toMatchObject({ code: 'object-store-unavailable' });
    await close();
  });
});
