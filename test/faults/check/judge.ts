import { checkAuditLog } from './check-audit-log.ts';
import { checkCascades } from './check-cascades.ts';
import { checkHandledEvents } from './check-handled-events.ts';
import { checkPredictions } from './check-predictions.ts';
import { checkRecords } from './check-records.ts';
import { checkRequests } from './check-requests.ts';
import { checkSentEvents } from './check-sent-events.ts';
import type { Facts, Finding } from './facts.ts';

/** Everything that is not as it must be. Knows nothing of how services work: it compares topics, tables, the log and what clients were promised. */
export function judge(facts: Facts): Finding[] {
  return [checkSentEvents, checkHandledEvents, checkAuditLog, checkRecords, checkPredictions, checkCascades, checkRequests].flatMap((check) => check(facts));
}
