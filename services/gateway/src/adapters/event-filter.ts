import type { AnyEvent } from '@millrace/contracts';

/** Which events a caller wants and may see. */
export interface EventWish {
  /** Full types separated by commas; a trailing `*` stands for any ending. All when absent. */
  readonly types?: string | undefined;
  readonly pipeline?: string | undefined;
  /** Project of the caller's token; `*` is all. */
  readonly project: string;
}

/** True for an event that the caller asked for and may see. */
export function isWanted(event: AnyEvent, { types, pipeline, project }: EventWish): boolean {
  if (project !== '*' && event.project !== project) return false;
  if (pipeline !== undefined && event.subject !== pipeline && !('pipeline' in event.data && event.data.pipeline === pipeline)) return false;
  return types === undefined || types.split(',').some((wanted) => matches(wanted.trim(), event.type));
}

function matches(wanted: string, type: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}
