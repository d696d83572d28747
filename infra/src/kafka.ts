import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error.js';
import { spawnGuarded } from './guarded-process.js';
import type { GuardedProcess } from './guarded-process.js';
import { kafkaProperties } from './kafka-properties.js';
import type { KafkaDoor } from './kafka-properties.js';
import { signInOf } from './kafka-security.js';
import type { KafkaSecurity } from './kafka-security.js';
import { kafkaReady } from './kafka-ready.js';
import { formatKafkaStorage } from './kafka-storage.js';
import { kafkaToolchain } from './toolchain.js';
import type { KafkaToolchain } from './toolchain.js';

export interface KafkaOptions {
  /** State lies in `<home>/kafka`, the log in `<home>/logs/kafka.log`. */
  home: string;
  port: number;
  controllerPort: number;
  /** A second listener, for clients that come through something in between. */
  door?: KafkaDoor;
  /** TLS, users and grants; default: everyone who reaches the port may do everything. */
  security?: KafkaSecurity;
  /** Default 512. */
  heapMegabytes?: number;
  /** Let the JVM compile fully: more throughput after a while, more CPU at the start. Default false. */
  fullCompiler?: boolean;
}

export interface RunningKafka {
  /** `127.0.0.1:<port>` */
  brokers: string;
  process: GuardedProcess;
  stop(): Promise<void>;
}

/**
 * Starts an Apache Kafka broker (KRaft, one node) with its state in the home; resolves when a consumer group can be served.
 * A broker that an earlier run left behind in the same home is ended first.
 * @throws LaunchError when it does not come up
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const toolchain = kafkaToolchain();
  const directory = join(options.home, 'kafka');
  const logs = join(options.home, 'logs');
  const pidFile = join(options.home, 'run', 'kafka.pid');
  const propertiesFile = join(directory, 'server.properties');
  const dataDirectory = join(directory, 'data');
  for (const path of [directory, logs]) mkdirSync(path, { recursive: true });
  formatKafkaStorage(dataDirectory, toolchain.bootstrapCheckpoint);
  const { port, controllerPort, door, security } = options;
  const properties = kafkaProperties({ port, controllerPort, dataDirectory, ...(door === undefined ? {} : { door }), ...(security === undefined ? {} : { security }) });
  rmSync(propertiesFile, { force: true }); // the mode is that of a new file
  writeFileSync(propertiesFile, properties, { mode: 0o600 });

  const broker = await spawnGuarded({
    name: 'Kafka', command: toolchain.java, args: javaArguments(toolchain, options, logs, propertiesFile),
    pidFile, logFile: join(logs, 'kafka.out.log'), stopSignal: 'TERM',
  });
  const brokers = `127.0.0.1:${port}`;
  const ended = broker.exited.then(({ code }) => {
    throw new LaunchError(`Kafka ended with exit code ${code} while starting; see ${join(logs, 'kafka.log')} and kafka.out.log beside it.`);
  });
  try {
    await Promise.race([kafkaReady(brokers, () => broker.running, security && signInOf(security)), ended]);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  ended.catch(() => undefined); // from here on the end of the process is the caller's to watch
  return { brokers, process: broker, stop: () => broker.stop() };
}

function javaArguments(toolchain: KafkaToolchain, options: KafkaOptions, logs: string, propertiesFile: string): string[] {
  return [
    `-Xmx${options.heapMegabytes ?? 512}m`, '-Xms128m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-XX:+ExitOnOutOfMemoryError', '-Djava.awt.headless=true',
    ...(options.fullCompiler === true ? [] : ['-XX:TieredStopAtLevel=1']),
    ...(toolchain.classArchive === undefined ? [] : [`-XX:SharedArchiveFile=${toolchain.classArchive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off']),
    ...(options.security?.logsAllowed === true ? ['-Dmillrace.kafka.authorizer=DEBUG'] : []),
    `-Dlog4j2.configurationFile=${toolchain.log4jConfiguration}`, `-Dmillrace.kafka.log=${join(logs, 'kafka.log')}`,
    '-cp', toolchain.classPath, 'kafka.Kafka', propertiesFile,
  ];
}
