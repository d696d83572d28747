import type { AnyEvent } from '@millrace/contracts';
import { cloudEventsVersion } from '@millrace/contracts';

/** An event as one server-sent event: CloudEvents 1.0 in JSON, its id as the stream's id, its type as the stream's event. */
export function serverSentEvent(event: AnyEvent): string {
  const { id, type, source, time, subject, project, actor, correlationId, causationId, pipelineVersion, data } = event;
  const attributes = { specversion: cloudEventsVersion, id, type, source, time, subject, project, actor, correlationid: correlationId, causationid: causationId, pipelineversion: pipelineVersion };
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ ...attributes, datacontenttype: 'application/json', data })}\n\n`;
}
