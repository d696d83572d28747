import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const largestBytes = 50_000_000;
const levels: Readonly<Record<number, string>> = { 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };

/** A log line as pino writes it; `service` is there when several services share a process. */
interface LogLine {
  level: number;
  msg?: string;
  service?: string;
  err?: { message?: string };
}

export interface ServiceLog {
  /** The last lines without stack frames, oldest first, for a message about a crash. */
  readonly last: readonly string[];
}

/**
 * Writes every line of a service to its log file and hands those at or above `shownLevel` to `show` in readable form.
 * What is not a log line (a stack trace) goes to the file only. A file over 50 MB is put aside at the start.
 */
export function keepServiceLog(streams: readonly Readable[], file: string, shownLevel: 'info' | 'warn' | 'error', show: (line: string, service?: string) => void): ServiceLog {
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`);
  const out = createWriteStream(file, { flags: 'a' });
  const threshold = { info: 30, warn: 40, error: 50 }[shownLevel];
  const last: string[] = [];
  let open = streams.length;
  for (const stream of streams) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      out.write(`${line}\n`);
      const parsed = parseLine(line);
      const readable = parsed === undefined ? line : readableLine(parsed);
      if (!isStackFrame(line)) last.push(readable);
      if (last.length > 5) last.shift();
      if (parsed !== undefined && parsed.level >= threshold) show(readable, parsed.service);
    });
    lines.on('close', () => {
      open -= 1;
      if (open === 0) out.end();
    });
  }
  return { last };
}

function isStackFrame(line: string): boolean {
  return /^\s*(at .*|\^*|\}|Node\.js v.*)$/.test(line);
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as LogLine;
    return typeof value.level === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

function readableLine({ level, msg, err }: LogLine): string {
  const cause = err?.message !== undefined && err.message !== msg ? `: ${err.message}` : '';
  return [levels[level], `${msg ?? ''}${cause}`].filter(Boolean).join(' ');
}
