import { MillraceError } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import { services } from '@millrace/infra';

/** What several services said, and which of them did not answer. */
export interface FromServices<R> {
  results: { service: ServiceName; result: R }[];
  silent: { service: ServiceName; detail: string }[];
}

/** The service with that name, or all that have a database. Throws `invalid-request` for a name that is none of them. */
export function servicesMeant(word: string | undefined): ServiceName[] {
  const names = services.filter(({ ownsData }) => ownsData).map(({ name }) => name as ServiceName);
  if (word === undefined) return names;
  const [name] = names.filter((one) => one === word);
  if (name === undefined) throw new MillraceError('invalid-request', `"${word}" is none of the services that handle events: ${names.join(', ')}.`);
  return [name];
}

/** Asks several services at once. One that is away is named and stops nobody; if none of those asked is there, or one refuses, that is the error. */
export async function fromServices<R>(names: readonly ServiceName[], ask: (service: ServiceName) => Promise<R>): Promise<FromServices<R>> {
  const answers = await Promise.allSettled(names.map(ask));
  const failures = answers.flatMap((answer, index) => (answer.status === 'rejected' ? [{ service: names[index] as ServiceName, error: answer.reason as unknown }] : []));
  const refusal = failures.find(({ error }) => !(error instanceof MillraceError) || error.kind !== 'unavailable');
  if (refusal !== undefined) throw refusal.error;
  if (failures.length === names.length && failures[0] !== undefined) throw failures[0].error;
  return {
    results: answers.flatMap((answer, index) => (answer.status === 'fulfilled' ? [{ service: names[index] as ServiceName, result: answer.value }] : [])),
    silent: failures.map(({ service, error }) => ({ service, detail: (error as Error).message })),
  };
}
