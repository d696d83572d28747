import { Controller } from '@nestjs/common';
import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, RecordProducer, UnitOfWork } from '@millrace/runtime';
import { dataSetIdOf, dataTopicOf } from '../data-set-names.js';
import { activeDataSet } from '../use-cases/load-file.js';

@Controller()
export class RecordsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly producer: RecordProducer,
  ) {}

  @Answers('ingestRecords')
  async ingest(input: OperationInput<'ingestRecords'>): Promise<OperationOutput<'ingestRecords'>> {
    const { dataSet, definition } = await this.work.read((tx) => activeDataSet(tx, dataSetIdOf(input)));
    const records = input.records.map((record) => ({ key: keyOf(record, definition.keyColumn), value: JSON.stringify(record) }));
    const written = await this.producer.send(dataTopicOf(dataSet), records);
    return { records: records.length, partitions: written.map(({ partition, baseOffset }) => ({ partition, offset: Number(baseOffset) })) };
  }
}

/** Null sends the record to quarantine, where its reason can be read. */
function keyOf(record: Record<string, unknown>, keyColumn: string): string | null {
  const key = record[keyColumn];
  return key === null || key === undefined ? null : String(key);
}
