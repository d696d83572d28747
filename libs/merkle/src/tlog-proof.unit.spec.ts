import { formatCheckpointText, parseCheckpointText, signCheckpoint, verifyCheckpoint } from './checkpoint.js';
import { verifyCheckpointConsistency } from './checkpoint-consistency.js';
import { appendLeaves, emptyRange, rootOf } from './compact-range.js';
import { proveConsistency } from './consistency-proof.js';
import { proveInclusion } from './inclusion-proof.js';
import { noteSignerOf } from './note-key.js';
import { leafHash } from './rfc6962-hash.js';
import { cosignNote, formatNote, parseNote } from './signed-note.js';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.js';
import type { NodeReader } from './tree-node.js';

const ORIGIN = 'log.example/audit';
const log = noteSignerOf(ORIGIN, Buffer.alloc(32, 1));
const witnesses = [2, 3].map((seed) => noteSignerOf(`w${seed}.example`, Buffer.alloc(32, seed), 'cosignature-v1'));
const policy = { origin: ORIGIN, logKeys: [log.key] };
const entries = Array.from({ length: 13 }, (_, at) => Buffer.from(`{"entry":${at}}`));
const { next, nodes } = appendLeaves(emptyRange(), entries.map(leafHash));
const read: NodeReader = (wanted) => Promise.resolve(wanted.map(({ level, index }) => nodes.find((node) => node.level === level && node.index === index)?.hash as Uint8Array));
const checkpoint = signCheckpoint({ origin: ORIGIN, size: next.size, root: rootOf(next) }, [log]);

async function proofOf(index: number, extra?: Uint8Array): Promise<string> {
  return formatTlogProof({ index, hashes: await proveInclusion(index, next.size, read), checkpoint, ...(extra && { extra }) });
}

function cosigned(note: string, signers: typeof witnesses): string {
  const { text, signatures } = parseNote(note);
  return formatNote({ text, signatures: [...signatures, ...signers.map((signer) => cosignNote(text, signer, 1_700_000_000))] });
}

describe('a checkpoint', () => {
  it('is three lines: origin, size and root', () => {
    expect(formatCheckpointText({ origin: ORIGIN, size: 0, root: Buffer.alloc(32) })).toBe('log.example/audit\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n');
  });

  it.each(['\n1\nAAAA\n', 'o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n', 'o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n', 'o\n1\nAAAA\n', 'o\n1\n', 'o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n'])(
    'is refused when its text is %j',
    (text) => {
      expect(() => parseCheckpointText(text)).toThrow();
    },
  );

  it('of another log is refused although the key is right', () => {
    const other = signCheckpoint({ origin: 'other.example/audit', size: 1, root: Buffer.alloc(32) }, [log]);
    expect(verifyCheckpoint(other, policy)).toEqual({ valid: false, because: 'the checkpoint is of the log other.example/audit, not of log.example/audit' });
  });

  it('counts the witnesses an auditor asks for', () => {
    const withWitnesses = { ...policy, witnessKeys: witnesses.map(({ key }) => key), witnessesNeeded: 2 };
    expect(verifyCheckpoint(cosigned(checkpoint, witnesses.slice(0, 1)), withWitnesses)).toEqual({ valid: false, because: '1 of the known witnesses cosigned, 2 are needed' });
    expect(verifyCheckpoint(cosigned(checkpoint, witnesses), withWitnesses)).toMatchObject({ valid: true, witnesses: ['w2.example', 'w3.example'] });
  });

  it('needs the signature of the log itself, whoever else signed', () => {
    const { text } = parseNote(checkpoint);
    const byWitnessOnly = formatNote({ text, signatures: [cosignNote(text, witnesses[0] as (typeof witnesses)[0], 1)] });
    expect(verifyCheckpoint(byWitnessOnly, { ...policy, witnessKeys: witnesses.map(({ key }) => key) }).valid).toBe(false);
  });
});

describe('a proof file', () => {
  it('proves each entry without a network', async () => {
    for (const [index, entry] of entries.entries()) {
      expect(verifyTlogProof(await proofOf(index), entry, policy)).toMatchObject({ valid: true, index, checkpoint: { size: 13 } });
    }
  });

  it('is written as it was read, with extra data or without', async () => {
    for (const text of [await proofOf(3), await proofOf(4, Buffer.from('context'))]) expect(formatTlogProof(parseTlogProof(text))).toBe(text);
  });

  it('is refused for an entry that is not the logged one', async () => {
    expect(verifyTlogProof(await proofOf(3), Buffer.from('{"entry":4}'), policy)).toEqual({ valid: false, because: 'the proof does not lead to the root of the checkpoint' });
  });

  it('is refused when the checkpoint was signed by someone else', async () => {
    const forged = signCheckpoint({ origin: ORIGIN, size: next.size, root: rootOf(next) }, [noteSignerOf(ORIGIN, Buffer.alloc(32, 7))]);
    const proof = formatTlogProof({ ...parseTlogProof(await proofOf(3)), checkpoint: forged });
    expect(verifyTlogProof(proof, entries[3] as Buffer, policy)).toEqual({ valid: false, because: 'no known key signed this' });
  });

  it.each([
    ['another version', (text: string) => text.replace('@v1', '@v2')],
    ['an index with a leading zero', (text: string) => text.replace('index 3', 'index 03')],
    ['no index', (text: string) => text.replace('index 3\n', '')],
    ['a hash that is not base64', (text: string) => text.replace(/(index 3\n)./, '$1*')],
    ['no checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n') + 2)],
    ['no blank line', (text: string) => text.replace('\n\n', '\n')],
  ])('with %s is not read at all', async (_name, change) => {
    const text = await proofOf(3);
    expect(() => parseTlogProof(change(text))).toThrow();
  });
});

describe('two checkpoints', () => {
  const before = appendLeaves(emptyRange(), entries.slice(0, 5).map(leafHash)).next;
  const older = signCheckpoint({ origin: ORIGIN, size: 5, root: rootOf(before) }, [log]);

  it('are consistent when entries were only added between them', async () => {
    const proof = await proveConsistency(5, next.size, read);
    expect(verifyCheckpointConsistency({ older, newer: checkpoint, proof }, policy)).toMatchObject({ valid: true, older: { size: 5 }, newer: { size: 13 } });
  });

  it('are not when the log was rewritten', async () => {
    const rewritten = signCheckpoint({ origin: ORIGIN, size: 5, root: Buffer.alloc(32, 4) }, [log]);
    const proof = await proveConsistency(5, next.size, read);
    expect(verifyCheckpointConsistency({ older: rewritten, newer: checkpoint, proof }, policy)).toEqual({ valid: false, because: 'the proof does not lead to the root of the older checkpoint' });
  });
});
