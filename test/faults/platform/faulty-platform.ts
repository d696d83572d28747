import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, platformSettings, startPlatform } from '@millrace/infra';
import type { KeptPart, Ports, RunningPlatform, ServiceName } from '@millrace/infra';
import { kafkaClientOf, postgresUserOf, TcpProxy } from '@millrace/testing';
import type { Supplier } from '../plan/fault.ts';

/** The campaign kills more often than life does; a delay that grew to half a minute would only make it longer. */
const longestRestartDelayMs = 1_000;
const objects = 'objects';

export interface FaultyPlatformOptions {
  home: string;
  replicas: Partial<Record<ServiceName, number>>;
  onLine(line: string, part: string): void;
}

/** The real platform, each service a process of its own, with a proxy between the services and Kafka and one before Postgres. */
export class FaultyPlatform {
  readonly home: string;
  readonly running: RunningPlatform;
  /** Connections are labelled with the name of their service. */
  readonly proxies: Readonly<Record<Supplier, TcpProxy>>;

  private constructor(home: string, running: RunningPlatform, proxies: Record<Supplier, TcpProxy>) {
    this.home = home;
    this.running = running;
    this.proxies = proxies;
  }

  static async start({ home, replicas, onLine }: FaultyPlatformOptions): Promise<FaultyPlatform> {
    prepareObjects(home);
    const parts = Object.keys(platformSettings({}).ports);
    const [doorPort = 0, kafkaProxyPort = 0, postgresProxyPort = 0, ...free] = await freePorts(parts.length + 3);
    const ports = Object.fromEntries(parts.map((part, index) => [part, free[index]])) as unknown as Ports;
    const kafka = await TcpProxy.start({ port: kafkaProxyPort, targetPort: doorPort, labelOf: (bytes) => serviceOfClient(kafkaClientOf(bytes)) });
    const postgres = await TcpProxy.start({ port: postgresProxyPort, targetPort: ports.postgres, labelOf: (bytes) => postgresUserOf(bytes).replace(/^millrace_/, '').replaceAll('_', '-') });
    const starting = startPlatform({
      home, ports, compact: false, replicas, longestRestartDelayMs, onLine,
      kafkaDoor: { port: doorPort, advertisedPort: kafka.port },
      adaptEnvironment: (name, environment) => ({ ...throughProxies(environment, kafka, postgres), MILLRACE_FAULT_FILE: faultFile(home, name) }),
    });
    try {
      return new FaultyPlatform(home, await starting, { kafka, postgres });
    } catch (error) {
      await Promise.all([kafka.stop(), postgres.stop()]);
      throw error;
    }
  }

  part(name: string): KeptPart {
    const found = this.running.parts().find((part) => part.name === name);
    if (!found) throw new RangeError(`There is no process ${name}`);
    return found;
  }

  /** Arms a fault point in a process that runs. */
  arm(name: string, point: string, passage: number): void {
    writeFileSync(faultFile(this.home, name), `${point}:${passage}`);
    this.signal(name, 'SIGUSR2');
  }

  /** False when it does not run at this moment. */
  signal(name: string, signal: NodeJS.Signals): boolean {
    const { pid } = this.part(name);
    if (pid === undefined) return false;
    try {
      return process.kill(pid, signal);
    } catch {
      return false; // it ended between the question and the signal
    }
  }

  /** Takes the object store away, for readers and writers: where its directory was there is a file, as after a lost mount. */
  takeObjects(): void {
    pointObjectsTo(this.home, 'objects-lost');
  }

  giveObjects(): void {
    pointObjectsTo(this.home, 'objects-kept');
  }

  async stop(): Promise<void> {
    this.giveObjects();
    for (const proxy of Object.values(this.proxies)) proxy.mend();
    await this.running.stop();
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.stop()));
  }
}

function faultFile(home: string, name: string): string {
  return join(home, 'run', `${name}.fault`);
}

/** `millrace-feature-store-1a2b` → `feature-store` */
function serviceOfClient(client: string): string {
  return /^millrace-(.+)-[^-]+$/.exec(client)?.[1] ?? '';
}

function throughProxies(environment: Record<string, string>, kafka: TcpProxy, postgres: TcpProxy): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => {
    if (name.endsWith('_KAFKA_BROKERS')) return [name, `127.0.0.1:${kafka.port}`];
    if (name.endsWith('_DATABASE_URL')) return [name, Object.assign(new URL(value), { port: String(postgres.port) }).toString()];
    return [name, value];
  }));
}

function prepareObjects(home: string): void {
  mkdirSync(join(home, 'objects-kept'), { recursive: true });
  writeFileSync(join(home, 'objects-lost'), '');
  pointObjectsTo(home, 'objects-kept');
}

/** At once: there is no moment without the name. */
function pointObjectsTo(home: string, target: string): void {
  const next = join(home, `objects-next-${process.hrtime.bigint()}`);
  symlinkSync(join(home, target), next);
  renameSync(next, join(home, objects));
}
