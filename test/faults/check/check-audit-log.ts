import { createHash } from 'node:crypto';
import type { AuditEntry, Facts, Finding, TopicRecord } from './facts.ts';
import { grouped } from './grouped.ts';

/** The log does not hold its own checkpoints, or it would never rest. */
const unlogged = 'millrace.governance.checkpoint';

/** Every offset of every lifecycle topic stands in the log once, with the bytes that lie there, and the leaves have the root that was kept. */
export function checkAuditLog({ events, audit }: Pick<Facts, 'events' | 'audit'>): Finding[] {
  const logged = grouped(audit.entries, placeOf);
  const records = events.filter(({ topic }) => topic !== unlogged);
  const places = new Set(records.map(placeOf));
  return [
    ...records.filter((record) => !logged.has(placeOf(record))).map((record) => ({ check: 'audit-has-no-gap', detail: `${placeOf(record)} is not in the log` })),
    ...[...logged].filter(([, entries]) => entries.length > 1).map(([place, entries]) => ({ check: 'audit-has-no-double', detail: `${place} is ${entries.length} times in the log` })),
    ...[...logged.keys()].filter((place) => !places.has(place)).map((place) => ({ check: 'audit-made-nothing-up', detail: `${place} is in the log and on no topic` })),
    ...records.flatMap((record) => wrongEntry(record, logged.get(placeOf(record))?.[0])),
    ...wrongTree(audit),
  ];
}

function placeOf({ topic, partition, offset }: Pick<TopicRecord, 'topic' | 'partition' | 'offset'>): string {
  return `${topic}/${partition}@${offset}`;
}

function wrongEntry(record: TopicRecord, entry: AuditEntry | undefined): Finding[] {
  if (entry === undefined) return [];
  const leaf = JSON.parse(entry.leaf) as Record<string, unknown>;
  const wanted = { topic: record.topic, partition: record.partition, offset: record.offset, dataSha256: sha256(record.value ?? Buffer.alloc(0)).toString('hex'), id: record.headers['ce_id'] };
  const wrong = Object.entries(wanted).filter(([name, value]) => leaf[name] !== value);
  return wrong.map(([name, value]) => ({ check: 'audit-says-the-truth', detail: `${placeOf(record)} has ${name} ${String(value)}, the log says ${String(leaf[name])}` }));
}

function wrongTree({ entries, size, rootHex }: Facts['audit']): Finding[] {
  const inOrder = [...entries].sort((a, b) => a.index - b.index);
  const gap = inOrder.findIndex(({ index }, place) => index !== place);
  if (gap >= 0) return [{ check: 'audit-verifies', detail: `the log has no entry ${gap}` }];
  if (size > inOrder.length) return [{ check: 'audit-verifies', detail: `a checkpoint over ${size} entries was signed, there are ${inOrder.length}` }];
  const root = treeRoot(inOrder.slice(0, size).map(({ leaf }) => leaf)).toString('hex');
  return root === rootHex ? [] : [{ check: 'audit-verifies', detail: `the leaves have the root ${root}, ${rootHex} was signed` }];
}

/** RFC 6962, section 2.1, written down once more on purpose: the checker must not share a mistake with the log. */
export function treeRoot(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha256(Buffer.alloc(0));
  if (leaves.length === 1) return sha256(Buffer.concat([Buffer.from([0]), Buffer.from(leaves[0] ?? '')]));
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Buffer.concat([Buffer.from([1]), treeRoot(leaves.slice(0, split)), treeRoot(leaves.slice(split))]));
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
