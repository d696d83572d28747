import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './launch-error.js';

/** The clone's root: infra/src and infra/dist lie equally deep. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What `infra/bootstrap.mjs` brought along; MILLRACE_TOOLCHAIN names another place. */
export function toolchainDirectory(): string {
  return resolve(process.env['MILLRACE_TOOLCHAIN'] ?? join(projectRoot, '.toolchain'));
}

export interface KafkaToolchain {
  java: string;
  /** Value of -cp. */
  classPath: string;
  /** Archive of loaded classes, if set-up could make one. */
  classArchive: string | undefined;
  /** What `format` writes for every new cluster of this Kafka version. */
  bootstrapCheckpoint: string;
  log4jConfiguration: string;
}

/** @throws LaunchError when set-up has not brought Kafka's jars */
export function kafkaToolchain(): KafkaToolchain {
  const kafka = join(toolchainDirectory(), 'kafka');
  const bootstrapCheckpoint = join(kafka, 'bootstrap.checkpoint');
  if (!existsSync(bootstrapCheckpoint)) throw new LaunchError(`Kafka's jars are not in ${kafka}; run \`npm run setup\`.`);
  const jars = readdirSync(join(kafka, 'lib')).filter((name) => name.endsWith('.jar')).sort();
  const classArchive = join(kafka, 'kafka.jsa');
  const javaHome = process.env['JAVA_HOME'];
  const bundled = javaHome === undefined ? undefined : join(javaHome, 'bin/java');
  return {
    java: bundled !== undefined && existsSync(bundled) ? bundled : 'java',
    classPath: jars.map((jar) => join(kafka, 'lib', jar)).join(':'),
    classArchive: existsSync(classArchive) ? classArchive : undefined,
    bootstrapCheckpoint,
    log4jConfiguration: join(projectRoot, 'infra/kafka/log4j2.xml'),
  };
}

/** The `bin` directory of the Python environment for training commands. */
export function pythonBinDirectory(): string {
  return join(toolchainDirectory(), 'python/bin');
}
