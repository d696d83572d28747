import type { Lineage } from '@millrace/contracts';
import type { Command } from '../command.js';
import { findingLines } from '../finding-lines.js';
import { idOf } from '../id-words.js';
import { textTable } from '../text-table.js';

const limit = { limit: { type: 'string', default: '50' } } as const;

/** Commands that list what a service knows, one line each. */
export const listings: readonly Command[] = [
  {
    name: 'pipelines', usage: '[pipeline]', summary: 'lists pipelines, or the versions of one and how each service answered',
    async run({ api, words: [word], print }) {
      if (word !== undefined) {
        const detail = await api.call('getPipeline', idOf(word, 'pipeline'));
        print(`${detail.pipeline}: version ${detail.activeVersion ?? '-'} is active, model version ${detail.champion ?? '-'} serves`);
        print(textTable(['version', 'state', 'applied by', 'at', 'parts'], detail.versions.map((version) => [version.version, version.state, version.appliedBy, version.appliedAt, version.parts.map(({ service, state }) => `${service}:${state}`).join(' ')])));
        return detail;
      }
      const answer = await api.call('listPipelines', {});
      print(textTable(['pipeline', 'state', 'active', 'latest', 'serves', 'rolling out'], answer.pipelines.map((row) => [row.pipeline, row.state, row.activeVersion, row.latestVersion, row.champion, row.challenger])));
      return answer;
    },
  },
  {
    name: 'data-sets', usage: '', summary: 'lists data sets with their newest version',
    async run({ api, print }) {
      const answer = await api.call('listDataSets', {});
      print(textTable(['data set', 'kind', 'version', 'rows', 'known up to', 'quarantined', 'topic'], answer.dataSets.map((row) => [row.dataSet, row.kind, row.version, row.totalRows, row.watermark, row.quarantined, row.topic])));
      return answer;
    },
  },
  {
    name: 'quarantine list', usage: '<data set> [--code reason] [--limit n]', summary: 'lists records that were set aside, with the reason', options: { ...limit, code: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const answer = await api.call('listQuarantine', { ...idOf(word, 'data set'), limit: Number(options['limit']), replayed: false, ...(typeof options['code'] === 'string' ? { code: options['code'] } : {}) });
      print(textTable(['id', 'place', 'reason', 'detail', 'record'], answer.records.map((row) => [row.id, `${row.partition}/${row.offset}`, row.code, row.detail, row.value.slice(0, 60)])));
      return answer;
    },
  },
  {
    name: 'runs list', usage: '<pipeline>', summary: 'lists training runs and what came of them', options: limit,
    async run({ api, words: [word], options, print }) {
      const answer = await api.call('listRuns', { ...idOf(word, 'pipeline'), limit: Number(options['limit']) });
      print(textTable(['run', 'cause', 'state', 'rows', 'attempt', 'requested'], answer.runs.map((row) => [row.run, row.cause, row.state, row.trainingRows, row.attempt, row.requestedAt])));
      return answer;
    },
  },
  {
    name: 'runs queue', usage: '', summary: 'lists runs that wait for their turn, the next one first, and what they wait for',
    async run({ api, print }) {
      const answer = await api.call('listQueuedRuns', {});
      print(`${answer.underWay} of at most ${answer.runsUnderWay} runs are under way`);
      print(textTable(['place', 'run', 'pipeline', 'cause', 'incident', 'estimated loss per day', 'wanted', 'waits for'], answer.queued.map((row) =>
        [row.position, row.run, row.pipeline, row.cause, row.incident, Number(row.estimatedLossPerDay.toPrecision(4)), row.wantedAt, row.because.map(({ check, measured, bound }) => `${check} ${measured ?? ''}/${bound ?? ''}`).join(', ')])));
      return answer;
    },
  },
  {
    name: 'triggers', usage: '<pipeline>', summary: 'lists what asked for training, what waits for labels and why', options: limit,
    async run({ api, words: [word], options, print }) {
      const answer = await api.call('listTriggers', { ...idOf(word, 'pipeline'), limit: Number(options['limit']) });
      print(textTable(['trigger', 'cause', 'state', 'changed at', 'matured', 'needed', 'run'], answer.triggers.map((row) => [row.trigger, row.cause, row.state, row.changePoint, row.maturedRows, row.neededRows, row.run])));
      return answer;
    },
  },
  {
    name: 'models', usage: '[--pipeline id]', summary: 'lists model versions, their stage and who decided', options: { ...limit, pipeline: { type: 'string' } },
    async run({ api, options, print }) {
      const answer = await api.call('listModelVersions', { limit: Number(options['limit']), ...pipelineFilter(options['pipeline']) });
      print(textTable(['model version', 'stage', 'verdict', 'aliases', 'decided by', 'registered'], answer.modelVersions.map((row) => [`${row.pipeline}@${row.modelVersion}`, row.stage, row.verdict, row.aliases.join(','), row.decidedBy, row.registeredAt])));
      return answer;
    },
  },
  {
    name: 'rollouts', usage: '[--pipeline id]', summary: 'lists rollouts, how far each is, and why it ended', options: { ...limit, pipeline: { type: 'string' } },
    async run({ api, options, print }) {
      const answer = await api.call('listRollouts', { limit: Number(options['limit']), ...pipelineFilter(options['pipeline']) });
      print(textTable(['rollout', 'model version', 'state', 'traffic', 'before', 'ended'], answer.rollouts.map((row) => [row.rollout, `${row.pipeline}@${row.modelVersion}`, row.state, row.trafficRatio, row.previous?.modelVersion, row.endedAt])));
      for (const { rollout, state, because } of answer.rollouts) if (state === 'rolled-back') print([`${rollout} was rolled back:`, ...findingLines(because, '  ')].join('\n'));
      return answer;
    },
  },
  {
    name: 'incidents', usage: '[--pipeline id]', summary: 'lists what monitoring found and how it was diagnosed', options: { ...limit, pipeline: { type: 'string' } },
    async run({ api, options, print }) {
      const answer = await api.call('listIncidents', { limit: Number(options['limit']), ...pipelineFilter(options['pipeline']) });
      print(textTable(['incident', 'alert', 'attention', 'model version', 'kind', 'diagnosis', 'state', 'changed at', 'ended', 'columns'], answer.incidents.map((row) =>
        [row.incident, row.alert, row.attention?.state ?? 'new', `${row.pipeline}@${row.modelVersion}`, row.kind, row.diagnosis, row.state, row.changePoint, row.resolvedAt, row.columns.map(({ column }) => column).join(',')])));
      return answer;
    },
  },
  {
    name: 'incidents show', usage: '<incident>', summary: 'shows an incident, the pipelines that see it, and the holds, runs, model versions and rollouts that it led to',
    async run({ api, words: [word], print }) {
      const { project, name: incident } = idOf(word, 'incident');
      const shown = await api.call('getIncident', { project, incident });
      print(`${shown.incident}: ${shown.kind}, ${shown.diagnosis}, ${shown.state} since ${shown.changePoint}${shown.sources?.length ? `, of ${shown.sources.join(', ')}` : ''}`);
      print(textTable(['pipeline', 'version', 'state', 'changed at', 'ended', 'alert'], (shown.affected ?? []).map((row) => [row.pipeline, row.modelVersion, row.state, row.changePoint, row.resolvedAt, row.alert])));
      const lineage = await api.call('getIncidentLineage', { project, incident });
      print(consequenceLines(lineage).join('\n'));
      return { ...shown, lineage };
    },
  },
  {
    name: 'runs show', usage: '<run>', summary: 'shows a training run, what asked for it and what it led to',
    async run({ api, words: [word], print }) {
      const { project, name: run } = idOf(word, 'run');
      const shown = await api.call('getRun', { project, run });
      print([`${shown.run} of ${shown.pipeline}: ${shown.state}, because of ${shown.cause}`, ...findingLines(shown.because, '  ')].join('\n'));
      const lineage = await api.call('getRunLineage', { project, run });
      print(consequenceLines(lineage).join('\n'));
      return { ...shown, lineage };
    },
  },
  {
    name: 'audit log', usage: '[--pipeline id] [--actor a] [--correlation c] [--type t] [--from time] [--to time]', summary: 'lists entries of the audit log',
    options: { ...limit, pipeline: { type: 'string' }, actor: { type: 'string' }, correlation: { type: 'string' }, type: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
    async run({ api, options, print }) {
      const filters = Object.fromEntries(Object.entries(options).filter(([name, value]) => name !== 'limit' && name !== 'json' && value !== undefined)) as Record<string, string>;
      const answer = await api.call('listAuditEntries', { ...filters, limit: Number(options['limit']) });
      print(textTable(['index', 'time', 'type', 'subject', 'actor', 'correlation'], answer.entries.map(({ index, entry }) => [index, entry.time, entry.type, entry.subject, entry.actor, entry.correlation])));
      return answer;
    },
  },
];

function pipelineFilter(word: string | boolean | undefined): { pipeline?: string } {
  if (typeof word !== 'string') return {};
  const { project, name } = idOf(word, 'pipeline');
  return { pipeline: `${project}/${name}` };
}

/** Each thing under what it followed from. */
function consequenceLines({ nodes, edges }: Lineage): string[] {
  const wordsOf = ({ kind, label, facts }: Lineage['nodes'][number]): string => `${kind} ${label}${facts['pipeline'] ? ` of ${String(facts['pipeline'])}` : ''}${facts['cancelled'] ? ', cancelled' : ''}`;
  const draw = (node: Lineage['nodes'][number], lead: string): string[] => [`${lead}${wordsOf(node)}`, ...nodes.filter(({ id }) => edges.some(({ from, to }) => from === id && to === node.id)).flatMap((next) => draw(next, `${lead}  `))];
  return nodes.filter(({ id }) => !edges.some(({ from }) => from === id)).flatMap((node) => draw(node, ''));
}
