import type { Finding, Pipeline, PipelinePartVerdict } from '@millrace/contracts';

const OWNERLESS = 'nobody is named: alerts have no recipient';

/** What monitoring asks of a pipeline: windows that are not finer than the labels' maturity can make use of. Without effect. */
export function checkPipelinePart({ owners, monitoring, evaluation }: Pipeline): PipelinePartVerdict {
  const windows = evaluation.holdOutMs / monitoring.windowMs;
  const because: Finding[] = [
    {
      check: 'windows-in-the-hold-out',
      passed: windows >= 1,
      measured: Math.floor(windows),
      bound: 1,
      detail: 'The hold-out must hold a whole window: losses of windows are compared with it',
    },
    { check: 'owner-of-the-data', passed: true, detail: owners.data ?? OWNERLESS },
    { check: 'owner-of-the-model', passed: true, detail: owners.model ?? OWNERLESS },
  ];
  return { accepted: because.every(({ passed }) => passed), because };
}
