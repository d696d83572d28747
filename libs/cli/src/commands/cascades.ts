import type { Cascade } from '@millrace/contracts';
import type { ApiClient } from '../api-client.js';
import type { Command } from '../command.js';
import { textTable } from '../text-table.js';

/** Lists cascades (with `--all` also those that only moved data on), or draws one as a graph with the time of each hop. */
export const cascadesCommand: Command = {
  name: 'cascades',
  usage: '[correlation] [--pipeline id] [--state moving|resting|stalled] [--all] [--limit n]',
  summary: 'lists cascades, or draws one with the time of each hop',
  options: { pipeline: { type: 'string' }, state: { type: 'string' }, all: { type: 'boolean' }, limit: { type: 'string', default: '20' } },
  async run({ api, words: [correlation], options, print }) {
    if (correlation !== undefined) return showCascade(api, correlation, print);
    const { pipeline, state, limit } = options as Record<string, string | undefined>;
    // What is stalled is shown whatever it moves.
    const kind = options['all'] === true || state === 'stalled' ? {} : { kind: 'decisions' as const };
    const answer = await api.call('listCascades', { limit: Number(limit), ...kind, ...(pipeline === undefined ? {} : { pipeline }), ...(state === undefined ? {} : { state: state as 'moving' }) });
    print(textTable(['correlation', 'pipeline', 'state', 'events', 'began with', 'ended with', 'started'], answer.cascades.map((cascade) =>
      [cascade.correlation, cascade.pipeline, cascade.state, cascade.events, shortType(cascade.firstType), shortType(cascade.lastType), cascade.startedAt])));
    return answer;
  },
};

async function showCascade(api: ApiClient, correlation: string, print: (text: string) => void): Promise<Cascade> {
  const cascade = await api.call('getCascade', { correlation });
  print(`Cascade ${cascade.correlation}${cascade.pipeline === null ? '' : ` of ${cascade.pipeline}`}, ${cascade.state}, ${cascade.nodes.length} events in ${duration(Date.parse(cascade.lastAt) - Date.parse(cascade.startedAt))}`);
  print(cascadeLines(cascade).join('\n'));
  for (const { afterType, expects, stalled } of cascade.awaited) print(`${stalled ? 'STALLED' : 'awaits'} ${expects.map(shortType).join(' or ')} after ${shortType(afterType)}`);
  for (const letter of cascade.deadLetters) print(deadLetterLine(letter));
  return cascade;
}

function deadLetterLine({ service, deadLetter, type, state, detail, by, reason }: Cascade['deadLetters'][number]): string {
  const what = `${service} gave up ${shortType(type)}: ${detail ?? 'no reason is known'}`;
  if (state === 'open') return `DEAD LETTER ${what}\n  millrace dead-letters show ${service} ${deadLetter}`;
  return `dead letter ${what}; ${state === 'replayed' ? 'tried again' : 'dropped'} by ${by ?? 'unknown'}${reason === null ? '' : `: ${reason}`}`;
}

/** The tree of causation, each event under the one that made it: time since the start, hop, what, in words. */
export function cascadeLines({ nodes, edges }: Pick<Cascade, 'nodes' | 'edges'>): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parent = new Map(edges.filter(({ kind, from }) => kind === 'causation' && byId.has(from)).map(({ from, to }) => [to, from]));
  const draw = (id: string, lead: string, branch: string): string[] => {
    const node = byId.get(id);
    if (node === undefined) return [];
    const children = nodes.filter((candidate) => parent.get(candidate.id) === id);
    const causes = edges.filter(({ kind, to }) => kind === 'cause' && to === id).map(({ from }) => shortType(byId.get(from)?.type ?? from));
    const hop = node.hopMs === null ? '' : ` +${duration(node.hopMs)}`;
    const text = `${duration(node.sinceStartMs).padStart(9)} ${lead}${branch}${shortType(node.type)}${hop}${node.summary === null ? '' : `   ${node.summary}`}${causes.length === 0 ? '' : `   (also because of ${causes.join(', ')})`}`;
    const inner = branch === '' ? '' : branch === '└─ ' ? `${lead}   ` : `${lead}│  `;
    return [text, ...children.flatMap((child, index) => draw(child.id, inner, index === children.length - 1 ? '└─ ' : '├─ '))];
  };
  return nodes.filter(({ id }) => !parent.has(id)).flatMap(({ id }) => draw(id, '', ''));
}

/** `millrace.registry.model-version.approved.v1` → `registry model-version.approved` */
function shortType(type: string): string {
  const parts = /^millrace\.([a-z-]+)\.(.+)\.v\d+$/.exec(type);
  return parts === null ? type : `${parts[1]} ${parts[2]}`;
}

function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
}
