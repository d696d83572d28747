import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ServiceIdentity } from '../service-identity.js';

/** Seconds, for what usually takes milliseconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Prometheus metrics of one service, named `millrace_<service>_...`. Injectable: services add their own to `registry`. */
export class Metrics {
  readonly registry = new Registry();
  readonly prefix: string;
  readonly httpSeconds: Histogram<'operation' | 'status'>;
  readonly eventSeconds: Histogram<'type'>;
  readonly eventOutcomes: Counter<'type' | 'outcome'>;
  readonly sentEvents: Counter<'topic'>;

  constructor(identity: ServiceIdentity) {
    this.prefix = `millrace_${identity.schema}_`;
    const registers = [this.registry];
    this.httpSeconds = new Histogram({ name: `${this.prefix}http_request_seconds`, help: 'Time to answer an HTTP request', labelNames: ['operation', 'status'], buckets, registers });
    this.eventSeconds = new Histogram({ name: `${this.prefix}event_handling_seconds`, help: 'Time to handle an event, commit included', labelNames: ['type'], buckets, registers });
    this.eventOutcomes = new Counter({ name: `${this.prefix}events_total`, help: 'Events by what became of them: handled, parked, dead-letter', labelNames: ['type', 'outcome'], registers });
    this.sentEvents = new Counter({ name: `${this.prefix}sent_records_total`, help: 'Records that the relay has sent', labelNames: ['topic'], registers });
    this.#addProcess();
  }

  /** A gauge whose value is asked for when Prometheus scrapes. It is left out when what it asks is away or does not answer in time: the others are needed most then. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name: `${this.prefix}${name}`,
      help,
      registers: [this.registry],
      async collect() {
        const value = await answerOf(read);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** A gauge with one value per set of labels, read anew when Prometheus scrapes. */
  gaugeByLabels(name: string, help: string, labelNames: readonly string[], read: () => Promise<{ labels: Record<string, string>; value: number }[]>): void {
    new Gauge({
      name: `${this.prefix}${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      async collect() {
        const values = await read();
        this.reset();
        for (const { labels, value } of values) this.set(labels, value);
      },
    });
  }

  /** A gauge with a value for each combination of labels, asked for when Prometheus scrapes. @param name complete, for names that other tools know */
  labelledGauge<L extends string>(name: string, help: string, labelNames: readonly L[], read: () => { labels: Record<L, string>; value: number }[]): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.set(labels, value);
      },
    });
  }

  /** A counter by one label. Gives the function that adds to it. */
  counter(name: string, help: string, labelName: string): (label: string, more: number) => void {
    const counter = new Counter({ name: `${this.prefix}${name}`, help, labelNames: [labelName], registers: [this.registry] });
    return (label, more) => counter.inc({ [labelName]: label }, more);
  }

  /** prom-client's own default metrics wake the process a hundred times a second; these are read when asked for. */
  #addProcess(): void {
    this.gauge('process_cpu_seconds', 'CPU time of the process, user and system', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
    this.gauge('process_resident_memory_bytes', 'Resident memory of the process', () => process.memoryUsage.rss());
    this.gauge('process_uptime_seconds', 'Time since the process started', () => process.uptime());
  }
}

const patienceMs = 2_000;

async function answerOf(read: () => number | Promise<number>): Promise<number | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), patienceMs);
  try {
    return await Promise.race([read(), late.promise]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
