import type { Pipeline, PipelinePartVerdict, ServiceRefusal } from '@millrace/contracts';
import { ServiceClient } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Injectable } from '@nestjs/common';

const checks = {
  ingestion: 'checkIngestionPart',
  validation: 'checkValidationPart',
  'feature-store': 'checkFeatureStorePart',
  training: 'checkTrainingPart',
  deployment: 'checkDeploymentPart',
  monitoring: 'checkMonitoringPart',
  governance: 'checkGovernancePart',
} as const;

/** The services that own a part of every pipeline. */
export const partOwners: readonly string[] = Object.keys(checks);

/** Asks every service whether it would accept its part of a pipeline. */
@Injectable()
export class PartChecks {
  constructor(private readonly services: ServiceClient) {}

  /** The refusals, none when all would accept. Throws `service-unavailable` when one does not answer. */
  async refusalsOf(definition: Pipeline, cause: RequestCause): Promise<ServiceRefusal[]> {
    const verdicts = await Promise.all(
      Object.entries(checks).map(async ([service, operation]) => {
        const verdict: PipelinePartVerdict = await this.services.call(operation, { definition }, { cause });
        return { service, verdict };
      }),
    );
    return verdicts.filter(({ verdict }) => !verdict.accepted).map(({ service, verdict }) => ({ service, because: verdict.because }));
  }
}
