import { eventHeaders } from '@millrace/contracts';

/** What is known of a record that may be no event at all. */
export interface RecordCascade {
  /** `unknown` for a record that names none. */
  project: string;
  correlationId: string | null;
  eventId: string | null;
}

/** Longer ones are no attributes of ours, and would not fit into an entry of the audit log. */
const longest = 200;

/** Which cascade a record belongs to, from its headers alone: its data may be broken. */
export function cascadeOfRecord(headers: Readonly<Record<string, string>>): RecordCascade {
  const text = (name: string): string | null => {
    const value = headers[name];
    return value === undefined || value === '' || value.length > longest || value.includes('\u0000') ? null : value;
  };
  const project = text(eventHeaders.project);
  return { project: project !== null && /^[a-z][a-z0-9-]{0,62}$/.test(project) ? project : 'unknown', correlationId: text(eventHeaders.correlationId), eventId: text(eventHeaders.id) };
}
