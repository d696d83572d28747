import { Inject, Injectable } from '@nestjs/common';
import type { Pipeline } from '@millrace/contracts';
import { Settings, Topics, UnitOfWork } from '@millrace/runtime';
import { acceptedTopicOf, dataTopicOf } from '../data-set-names.js';
import { checkPart, declaredDataSets } from '../use-cases/prepare-part.js';

/** The Kafka topics of data sets. */
@Injectable()
export class DataTopics {
  constructor(
    private readonly work: UnitOfWork,
    private readonly topics: Topics,
    @Inject(Settings) private readonly settings: Settings<'ingestion'>,
  ) {}

  /** Creates what a pipeline's data sets need, unless the pipeline will be refused; a topic that exists stays as it is. */
  async ensureFor(pipeline: Pipeline): Promise<void> {
    const { accepted } = await this.work.read((tx) => checkPart(tx, pipeline));
    if (!accepted) return;
    const records = new Set(pipeline.dataSets.map((dataSet) => dataSet.id));
    const names = declaredDataSets(pipeline).flatMap(({ id, partitions, retentionMs }) => {
      const topics = [dataTopicOf(id), acceptedTopicOf(id, records.has(id) ? 'records' : 'predictions')];
      return topics.flatMap((topic) => (topic === null ? [] : [{ topic, partitions: partitions ?? this.settings.defaultPartitions, config: { 'max.message.bytes': String(MAX_MESSAGE_BYTES), ...(retentionMs ? { 'retention.ms': String(retentionMs) } : {}) } }]));
    });
    await this.topics.ensure(names);
  }
}

/** Larger than what is accepted, so that a record that is too large reaches the quarantine and its reason is told. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
