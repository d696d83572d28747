import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const largestBytes = 50_000_000;
const repeatMs = 10_000;
const severity = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;

/** A log line as the chassis writes it (pino, levels by name). */
interface LogLine {
  level: keyof typeof severity;
  msg?: string;
  service?: string;
  err?: { message?: string };
}

export interface ServiceLog {
  /** The last lines that tell of errors, oldest first, for a message about a crash. */
  readonly last: readonly string[];
}

/**
 * Writes every line of a service to its log file and hands those at or above `shownLevel` to `show` in readable form.
 * What is not a log line (a stack trace) goes to the file only; the same words are shown once in 10 s. A file over 50 MB
 * is put aside at the start.
 */
export function keepServiceLog(streams: readonly Readable[], file: string, shownLevel: 'info' | 'warn' | 'error', show: (line: string, service?: string) => void): ServiceLog {
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`);
  const out = createWriteStream(file, { flags: 'a' });
  const last: string[] = [];
  const isRepeated = repetition();
  let open = streams.length;
  for (const stream of streams) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      out.write(`${line}\n`);
      const parsed = parseLine(line);
      const readable = parsed === undefined ? line : readableLine(parsed);
      if (tellsOfError(line, parsed)) last.push(readable.slice(0, 500));
      if (last.length > 3) last.shift();
      if (parsed !== undefined && severity[parsed.level] >= severity[shownLevel] && !isRepeated(`${parsed.service} ${readable}`)) show(readable, parsed.service);
    });
    lines.on('close', () => {
      open -= 1;
      if (open === 0) out.end();
    });
  }
  return { last };
}

function tellsOfError(line: string, parsed: LogLine | undefined): boolean {
  return parsed === undefined ? /(Error|Exception)\b/.test(line) && !/^\s+at /.test(line) : severity[parsed.level] >= severity.error;
}

/** Whether the same text was asked about within the last 10 s. */
function repetition(): (text: string) => boolean {
  const shownAt = new Map<string, number>();
  return (text) => {
    const now = Date.now();
    for (const [other, at] of shownAt) if (now - at > repeatMs) shownAt.delete(other);
    const isRepeated = shownAt.has(text);
    if (!isRepeated) shownAt.set(text, now);
    return isRepeated;
  };
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as LogLine;
    return value.level in severity ? value : undefined;
  } catch {
    return undefined;
  }
}

function readableLine({ level, msg, err }: LogLine): string {
  const cause = err?.message !== undefined && err.message !== msg ? `: ${err.message}` : '';
  return `${severity[level] >= severity.warn ? `${level.toUpperCase()} ` : ''}${msg ?? ''}${cause}`;
}
