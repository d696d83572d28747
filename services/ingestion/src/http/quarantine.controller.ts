import { Controller } from '@nestjs/common';
import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, RecordProducer, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { IsNull, LessThan } from 'typeorm';
import { dataSetIdOf, dataTopicOf } from '../data-set-names.js';
import { QuarantinedRecordRow, toQuarantinedRecord } from '../store/quarantined-record.row.js';
import { activeDataSet } from '../use-cases/load-file.js';
import { takeForReplay } from '../use-cases/replay-quarantine.js';

@Controller()
export class QuarantineController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly producer: RecordProducer,
  ) {}

  @Answers('listQuarantine')
  async list(input: OperationInput<'listQuarantine'>): Promise<OperationOutput<'listQuarantine'>> {
    const { code, before, replayed, limit } = input;
    const where = { dataSet: dataSetIdOf(input), ...(code ? { code } : {}), ...(before ? { id: LessThan(before) } : {}), ...(replayed ? {} : { replayedAt: IsNull() }) };
    const rows = await this.work.read(async (tx) => {
      await activeDataSet(tx, where.dataSet);
      return tx.findMany(QuarantinedRecordRow, { where, order: { id: 'DESC' }, take: limit });
    });
    const records = rows.map(toQuarantinedRecord);
    return { records, next: records.length === limit ? (records.at(-1)?.id ?? null) : null };
  }

  @Answers('replayQuarantine')
  async replay(input: OperationInput<'replayQuarantine'>, cause: RequestCause): Promise<OperationOutput<'replayQuarantine'>> {
    const dataSet = dataSetIdOf(input);
    return this.work.run(cause, async (tx) => {
      const { records, skipped } = await takeForReplay(tx, dataSet, input);
      // Before the commit: a record may be sent twice when the process dies here, but never be taken out of quarantine and lost.
      await this.producer.send(dataTopicOf(dataSet), records);
      return { replayed: records.length, skipped };
    });
  }
}
