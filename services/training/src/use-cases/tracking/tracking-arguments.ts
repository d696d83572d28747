import { MillraceError } from '@millrace/contracts';

/** Arguments of a call of the MLflow API: a JSON body, or a query string. Fields that are not known are ignored, as its servers do. */
export type TrackingArguments = Readonly<Record<string, unknown>>;

export function invalidArgument(detail: string): MillraceError {
  return new MillraceError('invalid-tracking-call', detail);
}

export function optionalText(args: TrackingArguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw invalidArgument(`Invalid value for parameter '${name}'`);
}

/** @param longest largest number of characters that MLflow allows */
export function requiredText(args: TrackingArguments, name: string, longest = 500): string {
  const text = optionalText(args, name);
  if (text === undefined) throw invalidArgument(`Missing value for required parameter '${name}'`);
  if (text.length > longest) throw invalidArgument(`'${name}' exceeds the maximum length of ${longest} characters`);
  return text;
}

/** A number; MLflow sends NaN and infinities as texts and takes 64-bit integers as texts too. */
export function numberOf(args: TrackingArguments, name: string, standard?: number): number {
  const value = args[name] ?? standard;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || (Number.isNaN(number) && value !== 'NaN' && typeof value === 'string')) {
    throw invalidArgument(`Missing or invalid value for parameter '${name}'`);
  }
  return number;
}

/** A whole number such as a time in milliseconds or a step. */
export function wholeNumberOf(args: TrackingArguments, name: string, standard: number): number {
  const number = numberOf(args, name, standard);
  if (!Number.isSafeInteger(number)) throw invalidArgument(`Parameter '${name}' must be a whole number`);
  return number;
}

export function listOf(args: TrackingArguments, name: string): TrackingArguments[] {
  const value = args[name] ?? [];
  if (!Array.isArray(value)) throw invalidArgument(`Parameter '${name}' must be a list`);
  return value as TrackingArguments[];
}

/** Most calls send the run's id twice, as `run_id` and `run_uuid`. */
export function runIdOf(args: TrackingArguments): string {
  return optionalText(args, 'run_id') ?? requiredText(args, 'run_uuid');
}
