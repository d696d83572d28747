import { readFile } from 'node:fs/promises';
import type { Command } from '../command.js';
import { idOf } from '../id-words.js';
import { textTable } from '../text-table.js';

/** Says what a policy does and when it would have acted on recorded windows. */
export const policyReplayCommand: Command = {
  name: 'policy replay',
  usage: '<pipeline> [-f pipeline.yaml] [--from time] [--to time]',
  summary: 'says what a policy does, and when it would have acted on recorded windows; without effect',
  options: { file: { type: 'string', short: 'f' }, from: { type: 'string' }, to: { type: 'string' } },
  async run({ api, words: [word], options, print }) {
    const { file, from, to } = options as Record<string, string | undefined>;
    const source = file === undefined ? {} : { source: await readFile(file, 'utf8') };
    const replay = await api.call('replayPolicy', { ...idOf(word, 'pipeline'), ...source, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    print(`The policy of ${replay.pipeline}${file === undefined ? '' : ` in ${file}`}:`);
    for (const sentence of replay.policy) print(`- ${sentence}`);
    print(`\nOn recorded windows${replay.from === null ? '' : ` from ${replay.from} to ${replay.to}`}:`);
    print(textTable(['at', 'version', 'what would have happened'], replay.steps.map(({ at, modelVersion, text }) => [at, modelVersion, text])));
    for (const sentence of [...replay.summary, ...replay.assumptions.map((assumption) => `Assumed: ${assumption}`)]) print(sentence);
    return replay;
  },
};

/** What a pipeline's loop was worth. */
export const loopCommand: Command = {
  name: 'loop',
  usage: '<pipeline>',
  summary: 'what the loop was worth: times to detect, resolve and deploy, yield of retraining, promised against realised gain',
  async run({ api, words: [word], print }) {
    const kpis = await api.call('getLoopKpis', idOf(word, 'pipeline'));
    const { detection, resolution, deployment, retraining, gates, excessLoss } = kpis;
    print(textTable(['', 'count', 'median', 'largest'], [
      ['change to alarm (event time)', detection.count, hours(detection.medianMs), hours(detection.largestMs)],
      ['change to recovery (event time)', resolution.count, hours(resolution.medianMs), hours(resolution.largestMs)],
      ['run asked for to full traffic', deployment.count, hours(deployment.medianMs), hours(deployment.largestMs)],
    ]));
    print(`${retraining.runs} runs: ${retraining.promoted} promoted, ${retraining.refused} refused, ${retraining.failed} failed, ${retraining.cancelled} cancelled, ${retraining.open} open; ${Math.round(retraining.commandMs / 1000)} s of training commands`);
    print(textTable(['version', 'before', 'promised gain', 'realised gain', 'on rows', 'kept'], gates.map((gate) => [gate.modelVersion, gate.previousModelVersion, rounded(gate.promised), rounded(gate.realised), gate.rows, gate.kept === null ? 'not known yet' : gate.kept ? 'yes' : 'no'])));
    print(`Loss above the usual one between change points and recovery: ${rounded(excessLoss.total) ?? 'none known'} over ${excessLoss.rows} predictions; saved against the version before: ${rounded(excessLoss.saved) ?? 'not known'} over ${excessLoss.savedRows}`);
    return kpis;
  },
};

function hours(ms: number | null): string | null {
  return ms === null ? null : ms < 3_600_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 3_600_000).toFixed(1)} h`;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
