import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Does what `kafka.tools.StorageTool format` does, without the second it takes to start a JVM: meta.properties with a new
 * cluster id, and the bootstrap checkpoint that the tool itself wrote at set-up. A formatted directory is left as it is.
 */
export function formatKafkaStorage(dataDirectory: string, bootstrapCheckpoint: string): void {
  const metaProperties = join(dataDirectory, 'meta.properties');
  if (existsSync(metaProperties)) return;
  mkdirSync(dataDirectory, { recursive: true });
  copyFileSync(bootstrapCheckpoint, join(dataDirectory, 'bootstrap.checkpoint'));
  writeFileSync(metaProperties, `version=1\nnode.id=1\ncluster.id=${kafkaUuid()}\ndirectory.id=${kafkaUuid()}\n`);
}

/** 16 random bytes in base64url without padding, as Kafka writes its ids; a leading '-' would read as an option. */
function kafkaUuid(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? kafkaUuid() : id;
}
