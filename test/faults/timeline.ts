import { appendFileSync, writeFileSync } from 'node:fs';

/** What was seen, and when: a line each in a file, and for whoever listens. */
export class Timeline {
  private readonly file: string;
  private readonly startedMs = Date.now();
  private readonly listener: (line: string) => void;

  constructor(file: string, listener: (line: string) => void = () => undefined) {
    this.file = file;
    this.listener = listener;
    writeFileSync(file, '');
  }

  /** What a part of the platform said. */
  note(part: string, text: string): void {
    const line = `${this.clock()} ${part}: ${text}`;
    appendFileSync(this.file, `${new Date().toISOString()} ${line}\n`);
    if (part === 'campaign') this.listener(line);
  }

  /** What became of a fault. */
  fault(number: number, text: string): void {
    const line = `${this.clock()} fault ${number}: ${text}`;
    appendFileSync(this.file, `${new Date().toISOString()} ${line}\n`);
    this.listener(line);
  }

  private clock(): string {
    return `[${((Date.now() - this.startedMs) / 1000).toFixed(1).padStart(7)} s]`;
  }
}
