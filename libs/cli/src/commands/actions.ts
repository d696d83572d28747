import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contracts';
import { parseDuration } from '@millrace/decisions';
import type { Command } from '../command.js';
import { findingLines } from '../finding-lines.js';
import { idOf, versionIdOf } from '../id-words.js';

/** Commands by which a person acts; each stands in the audit log with the person and the reason. */
export const actions: readonly Command[] = [
  {
    name: 'runs start', usage: '<pipeline> --reason text', summary: 'asks for a training run now; it does not wait for labels but obeys holds', options: { reason: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const trigger = await api.call('requestRun', { ...idOf(word, 'pipeline'), reason: required(options['reason'], '--reason "why"') });
      print([`${trigger.trigger}: ${trigger.state}${trigger.run ? `, ${trigger.run}` : ''}`, ...findingLines(trigger.because, '  ')].join('\n'));
      return trigger;
    },
  },
  {
    name: 'quarantine replay', usage: '<data set> [id...] [--code reason]', summary: 'sends quarantined records, all, those named, or of one reason, to their topic again', options: { code: { type: 'string' } },
    async run({ api, words: [word, ...ids], options, print }) {
      const answer = await api.call('replayQuarantine', { ...idOf(word, 'data set'), ...(ids.length === 0 ? {} : { ids: ids.map(Number) }), ...(typeof options['code'] === 'string' ? { code: options['code'] } : {}) });
      print(`${answer.replayed} records sent again${answer.skipped === 0 ? '' : `, ${answer.skipped} too long to be kept whole skipped`}`);
      return answer;
    },
  },
  {
    name: 'models approve', usage: '<pipeline>@<version> [--note text]', summary: 'approves a model version that waits for a person', options: { note: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const answer = await api.call('approveModelVersion', { ...versionIdOf(word), ...(typeof options['note'] === 'string' ? { note: options['note'] } : {}) });
      print(`${word} is ${answer.summary.stage}`);
      return answer;
    },
  },
  {
    name: 'models reject', usage: '<pipeline>@<version> --note text', summary: 'rejects a model version that waits for a person', options: { note: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const answer = await api.call('rejectModelVersion', { ...versionIdOf(word), note: required(options['note'], '--note "why"') });
      print(`${word} is ${answer.summary.stage}`);
      return answer;
    },
  },
  {
    name: 'roll-back', usage: '<pipeline> --note text', summary: 'ends the open rollout, or puts the version before the champion back', options: { note: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const route = await api.call('rollBackRoute', { ...idOf(word, 'pipeline'), note: required(options['note'], '--note "why"') });
      print(`${route.pipeline}: route ${route.revision}, ${route.targets.map(({ modelVersion, role }) => `version ${modelVersion} is ${role}`).join(', ')}`);
      return route;
    },
  },
  {
    name: 'rollouts continue', usage: '<rollout> --note text', summary: 'lets a rollout go on that an incident paused, or that asks after its shadow', options: { note: { type: 'string' } },
    async run({ api, words: [word = ''], options, print }) {
      const [project = '', rollout = ''] = word.includes('/') ? word.split('/') : ['default', word];
      const answer = await api.call('continueRollout', { project, rollout, note: required(options['note'], '--note "why"') });
      print(`${answer.rollout} is ${answer.paused ? 'paused' : 'open'} in ${answer.state}`);
      return answer;
    },
  },
  {
    name: 'alerts acknowledge', usage: '<alert> [--note text]', summary: 'says that you look after what an alert is about', options: { note: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const incident = await api.call('acknowledgeAlert', { ...alertOf(word), ...(typeof options['note'] === 'string' ? { note: options['note'] } : {}) });
      print(`${incident.alert} is acknowledged; ${incident.incident} lasts since ${incident.changePoint}`);
      return incident;
    },
  },
  {
    name: 'alerts snooze', usage: '<alert> --for 4h [--note text]', summary: 'is quiet about an alert for some time; it is raised again if what it is about lasts', options: { for: { type: 'string' }, note: { type: 'string' } },
    async run({ api, words: [word], options, print }) {
      const durationMs = parseDuration(required(options['for'], '--for 4h'));
      if (durationMs === undefined) throw new MillraceError('invalid-request', `--for is a duration such as 30m, 4h or 1d, not "${String(options['for'])}".`);
      const incident = await api.call('snoozeAlert', { ...alertOf(word), durationMs, ...(typeof options['note'] === 'string' ? { note: options['note'] } : {}) });
      print(`${incident.alert} is quiet until ${incident.attention?.until ?? 'then'}`);
      return incident;
    },
  },
  {
    name: 'predict', usage: '<pipeline> -f records.json', summary: 'asks the served model for predictions of the records in a file (a JSON array, or one object)', options: { file: { type: 'string', short: 'f' } },
    async run({ api, words: [word], options, print }) {
      const content = JSON.parse(readFileSync(required(options['file'], '-f records.json'), 'utf8')) as unknown;
      const records = (Array.isArray(content) ? content : [content]) as [Record<string, unknown>];
      const answer = await api.call('predict', { ...idOf(word, 'pipeline'), records });
      for (const { key, score, modelVersion, predictionId } of answer.predictions) print(`${key}  ${score}  version ${modelVersion}  ${predictionId}`);
      return answer;
    },
  },
  {
    name: 'lineage', usage: '<pipeline>@<version> | <pipeline> <prediction id>', summary: 'shows what a model version or a prediction was made of, down to the segments of data',
    async run({ api, words: [word, predictionId], print }) {
      const lineage = predictionId === undefined
        ? await api.call('getModelVersionLineage', versionIdOf(word))
        : await api.call('getPredictionLineage', { ...idOf(word, 'pipeline'), predictionId });
      const kinds = new Map(lineage.nodes.map((node) => [node.id, node]));
      print([`${lineage.of} was made of`, ...lineage.edges.map(({ from, to }) => `  ${kinds.get(from)?.label ?? from}  ←  ${kinds.get(to)?.kind ?? ''} ${kinds.get(to)?.label ?? to}${kinds.get(to)?.sha256 ? `  sha256 ${kinds.get(to)?.sha256?.slice(0, 16)}` : ''}`)].join('\n'));
      return lineage;
    },
  },
];

function alertOf(word: string | undefined): { project: string; alert: string } {
  const { project, name } = idOf(word, 'alert');
  return { project, alert: name };
}

function required(value: string | boolean | undefined, how: string): string {
  if (typeof value !== 'string' || value === '') throw new MillraceError('invalid-request', `Give ${how}.`);
  return value;
}
