import type { AuditEntryRow } from '../store/audit-entry.row.js';
import type { Lineage, LineageNode } from '@millrace/contracts';

type Fact = string | number | boolean | null;

/** A lineage while it is put together; a thing that is named twice is one node. */
export class LineageGraph {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, { from: string; to: string }>();

  /** Adds a thing, with the audit entry that says so. @returns its node's id */
  add(kind: LineageNode['kind'], name: string, said: Pick<AuditEntryRow, 'index' | 'time'> | null, about: { sha256?: string | null; facts?: Record<string, Fact> } = {}): string {
    const id = `${kind}:${name}`;
    this.#nodes.set(id, { id, kind, label: name, sha256: about.sha256 ?? null, time: said?.time.toISOString() ?? null, index: said?.index ?? null, facts: about.facts ?? {} });
    return id;
  }

  /** Notes that a thing was made of others. */
  madeOf(from: string, ...parts: readonly string[]): void {
    for (const to of parts) this.#edges.set(`${from} ${to}`, { from, to });
  }

  of(id: string): Lineage {
    return { of: id, nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }
}
