import type { Finding, Pipeline } from '@millrace/contracts';

/** Whether deployment can follow a pipeline's rollout: each canary step answers more than the one before. */
export function checkRolloutPart({ rollout }: Pick<Pipeline, 'rollout'>): Finding[] {
  const shares = rollout.canary.map(({ trafficRatio }) => trafficRatio);
  const grows = shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0));
  return [{ check: 'canary-steps-grow', passed: grows, measured: shares.join(' '), detail: 'Every canary step takes a larger share of traffic than the one before' }];
}
