import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contracts';
import { parseVerifierKey, verifyTlogProof } from '@millrace/merkle';
import type { LogPolicy } from '@millrace/merkle';
import type { ApiClient } from '../api-client.js';
import { verifyAuditLog } from '../audit-log-verification.js';
import type { Command } from '../command.js';

const keyOption = { key: { type: 'string' } } as const;

/** Prints the signed checkpoint, to be kept where the log's keeper cannot change it. */
export const auditCheckpointCommand: Command = {
  name: 'audit checkpoint',
  usage: '> file',
  summary: 'prints the signed checkpoint of the audit log, to be kept elsewhere',
  async run({ api, print }) {
    const checkpoint = await api.text('getAuditCheckpoint', { fresh: true });
    print(checkpoint.replace(/\n$/, ''));
    return { checkpoint };
  },
};

/** Recomputes the log from its entries and compares: signature, inclusion of every entry, consistency with an older checkpoint. */
export const auditVerifyCommand: Command = {
  name: 'audit verify',
  usage: '[--since checkpoint-file] [--key verifier-key] | proof-file entry-file --key verifier-key',
  summary: 'checks signature, inclusion of every entry, and that since a checkpoint entries were only added; or one proof offline',
  options: { ...keyOption, since: { type: 'string' } },
  async run({ api, words: [proofFile, entryFile], options, print }) {
    const policy = await policyOf(api, options['key']);
    if (proofFile !== undefined) return verifyProofFile(proofFile, entryFile, policy, print);
    const since = options['since'];
    const report = await verifyAuditLog(api, policy, typeof since === 'string' ? readFileSync(since, 'utf8') : undefined);
    print(`Signature    ok: ${policy.origin} signed ${report.size} entries with root ${report.root}`);
    print(`Inclusion    ok: all ${report.size} entries hash to that root`);
    if (report.since !== undefined) print(`Consistency  ok: since the checkpoint of ${report.since} entries ${report.size - report.since} were added, none changed or removed`);
    print(`Events       ok: the data of ${report.eventsCompared} events have the digests that were logged`);
    print('Verified: nothing that was logged was altered or removed.');
    return report;
  },
};

/** Prints the proof that one entry is in the log; the entry itself goes to a file beside it. */
export const auditProofCommand: Command = {
  name: 'audit proof',
  usage: '<index> > file.tlog-proof   (the proved bytes: millrace audit entry <index>)',
  summary: 'prints a proof that an entry is in the log, to be checked offline',
  async run({ api, words: [index], print }) {
    const proof = await api.text('getAuditProof', { index: indexOf(index) });
    print(proof.replace(/\n$/, ''));
    return { proof };
  },
};

/** Prints the exact bytes of an entry. */
export const auditEntryCommand: Command = {
  name: 'audit entry',
  usage: '<index> > file.json',
  summary: 'prints the exact bytes of an entry that a proof is about',
  async run({ api, words: [index], print }) {
    const entry = await api.call('getAuditEntry', { index: indexOf(index) });
    print(entry.leaf);
    return entry;
  },
};

function indexOf(word: string | undefined): number {
  if (word === undefined || !/^\d+$/.test(word)) throw new MillraceError('invalid-request', `Which entry? "${word ?? ''}" is not a place in the log (0, 1, 2, ...).`);
  return Number(word);
}

/** An auditor brings the key; without one the log's own word is taken, which only proves that it agrees with itself. */
async function policyOf(api: ApiClient, key: string | boolean | undefined): Promise<LogPolicy> {
  const verifierKey = typeof key === 'string' ? key : (await api.call('getAuditKey', {})).verifierKey;
  const noteKey = parseVerifierKey(verifierKey);
  return { origin: noteKey.name, logKeys: [noteKey] };
}

function verifyProofFile(proofFile: string, entryFile: string | undefined, policy: LogPolicy, print: (text: string) => void): object {
  if (entryFile === undefined) throw new MillraceError('invalid-request', 'Which entry? Give the file with its bytes after the proof.');
  const verdict = verifyTlogProof(readFileSync(proofFile, 'utf8'), Buffer.from(readFileSync(entryFile, 'utf8').replace(/\n$/, '')), policy);
  if (!verdict.valid) throw new MillraceError('invalid-proof', `The proof does not hold: ${verdict.because}.`);
  print(`The entry stands at place ${verdict.index} of the log ${policy.origin} of ${verdict.checkpoint.size} entries.`);
  return { index: verdict.index, size: verdict.checkpoint.size };
}
