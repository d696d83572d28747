import { Scalar, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, YAMLMap } from 'yaml';
import { didYouMean } from './did-you-mean.js';
import { parseDuration } from './duration.js';
import type { PipelineFlaw, PipelineFlawCode } from './pipeline-flaw.js';

/** A part of the document: its node (absent when the field is) and where it stands. `owner` is the nearest node that exists. */
export interface Place {
  node: Node | undefined;
  owner: Node | undefined;
  path: string;
}

export interface NumberBounds {
  integer?: boolean;
  from?: number;
  to?: number;
  /** Excludes `from` itself. */
  above?: number;
}

/**
 * Reads a YAML document piece by piece and collects every mistake with its place instead of stopping at the first. Each reading
 * method answers undefined when the field is absent or wrong; only what is wrong is reported.
 */
export class FileReader {
  readonly flaws: PipelineFlaw[] = [];

  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  get root(): Place {
    const node = this.document.contents ?? undefined;
    return { node, owner: node, path: '' };
  }

  report(place: Place, code: PipelineFlawCode, message: string): undefined {
    this.reportAt((place.node ?? place.owner)?.range?.[0] ?? 0, place.path, code, message);
    return undefined;
  }

  reportAt(offset: number, path: string, code: PipelineFlawCode, message: string): void {
    const { line, col } = this.lines.linePos(offset);
    this.flaws.push({ line: Math.max(line, 1), column: Math.max(col, 1), path, code, message });
  }

  /** The members of a mapping; unknown ones are reported with the nearest known name. An absent mapping has absent members. */
  fields<const K extends string>(place: Place, known: readonly K[], required: readonly NoInfer<K>[] = []): Record<K, Place> {
    const map = this.mapOf(place);
    const members = this.members(map, place);
    for (const member of members) {
      if (!known.some((name) => name === member.name)) {
        this.reportAt(member.keyOffset, member.place.path, 'unknown-field', `There is no field "${member.name}" here${didYouMean(member.name, known)}`);
      }
    }
    const fields = {} as Record<K, Place>;
    for (const name of known) {
      const found = members.find((member) => member.name === name)?.place;
      fields[name] = found ?? { node: undefined, owner: place.node ?? place.owner, path: join(place.path, name) };
      if (!found && map && required.includes(name)) this.report(fields[name], 'missing-field', `"${name}" is missing`);
    }
    return fields;
  }

  /** The members of a mapping whose names the user chooses, in the file's order; duplicates are the YAML parser's business. */
  entries(place: Place): { name: string; place: Place }[] {
    return this.members(this.mapOf(place), place);
  }

  /** Reads an entry's own name as if it were a text value at the entry's place. */
  nameOf<R>(entry: { name: string; place: Place }, read: (name: Place) => R): R {
    const node = new Scalar(entry.name);
    node.range = entry.place.owner?.range;
    return read({ node, owner: entry.place.owner, path: entry.place.path });
  }

  list(place: Place): Place[] | undefined {
    const node = this.present(place);
    if (!node) return undefined;
    if (!isSeq(node)) return this.report(place, 'wrong-type', 'This must be a list');
    return node.items.map((item, index) => ({ node: this.resolve(item), owner: node, path: `${place.path}[${index}]` }));
  }

  isMap(place: Place): boolean {
    return isMap(place.node);
  }

  isText(place: Place, text: string): boolean {
    return isScalar(place.node) && place.node.value === text;
  }

  text(place: Place): string | undefined {
    const value = this.scalar(place, 'a text');
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : this.report(place, 'wrong-type', 'This must be a text; put it in quotes');
  }

  number(place: Place, bounds: NumberBounds = {}): number | undefined {
    const value = this.scalar(place, 'a number');
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.report(place, 'wrong-type', 'This must be a number');
    return this.bounded(place, value, bounds);
  }

  boolean(place: Place): boolean | undefined {
    const value = this.scalar(place, 'true or false');
    if (value === undefined) return undefined;
    return typeof value === 'boolean' ? value : this.report(place, 'wrong-type', 'This must be true or false');
  }

  oneOf<const T extends string>(place: Place, values: readonly T[]): T | undefined {
    const text = this.text(place);
    if (text === undefined) return undefined;
    const found = values.find((value) => value === text);
    return found ?? this.report(place, 'invalid-value', `This must be ${listed(values)}, not "${text}"${didYouMean(text, values)}`);
  }

  /** A duration in milliseconds, at least `fromMs` (default 1). */
  duration(place: Place, fromMs = 1): number | undefined {
    const value = this.scalar(place, 'a duration');
    if (value === undefined) return undefined;
    const durationMs = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : undefined;
    if (durationMs === undefined) return this.report(place, 'invalid-value', `This must be a duration such as 30s, 15m, 1h, 4d or 1d12h, not ${JSON.stringify(value)}`);
    return durationMs < fromMs ? this.report(place, 'invalid-value', `This must be ${fromMs === 1 ? 'longer than nothing' : `at least ${fromMs} ms`}`) : durationMs;
  }

  /** A share as `10%` or as a number from 0 to 1. */
  share(place: Place): number | undefined {
    const value = this.scalar(place, 'a share');
    if (value === undefined) return undefined;
    const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?) ?%$/.exec(value)?.[1] : undefined;
    const ratio = percent === undefined ? value : Number(percent) / 100;
    if (typeof ratio !== 'number') return this.report(place, 'wrong-type', 'This must be a share such as 10% or 0.1');
    return this.bounded(place, ratio, { from: 0, to: 1 });
  }

  /** Any text, number or boolean. */
  scalar(place: Place, expected: string): string | number | boolean | undefined {
    const node = this.present(place);
    if (!node) return undefined;
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return this.report(place, 'wrong-type', `This must be ${expected}`);
  }

  private bounded(place: Place, value: number, bounds: NumberBounds): number | undefined {
    if (bounds.integer && !Number.isSafeInteger(value)) return this.report(place, 'invalid-value', `This must be a whole number, not ${value}`);
    if (bounds.from !== undefined && value < bounds.from) return this.report(place, 'invalid-value', `This must be at least ${bounds.from}, not ${value}`);
    if (bounds.above !== undefined && value <= bounds.above) return this.report(place, 'invalid-value', `This must be greater than ${bounds.above}, not ${value}`);
    if (bounds.to !== undefined && value > bounds.to) return this.report(place, 'invalid-value', `This must be at most ${bounds.to}, not ${value}`);
    return value;
  }

  private present(place: Place): Node | undefined {
    if (!place.node) return undefined;
    if (isScalar(place.node) && place.node.value === null) return this.report(place, 'wrong-type', 'This is empty; give it a value or leave the field out');
    return place.node;
  }

  private mapOf(place: Place): YAMLMap | undefined {
    const node = this.present(place);
    if (!node) return undefined;
    return isMap(node) ? node : this.report(place, 'wrong-type', 'This must hold fields (name: value)');
  }

  private members(map: YAMLMap | undefined, place: Place): { name: string; keyOffset: number; place: Place }[] {
    return (map?.items ?? []).flatMap((pair) => {
      const key = isScalar(pair.key) ? pair.key : undefined;
      if (!key) return this.report(place, 'wrong-type', 'Names of fields must be plain text') ?? [];
      const name = String(key.value);
      return [{ name, keyOffset: key.range?.[0] ?? 0, place: { node: this.resolve(pair.value) ?? emptyAt(key), owner: key, path: join(place.path, name) } }];
    });
  }

  private resolve(value: unknown): Node | undefined {
    if (isAlias(value)) return value.resolve(this.document);
    return isNode(value) ? value : undefined;
  }
}

/** Stands for the value that `name` without a colon lacks. */
function emptyAt(key: Scalar): Scalar {
  const empty = new Scalar(null);
  empty.range = key.range;
  return empty;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** `a, b or c` for a sentence. */
export function listed(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
