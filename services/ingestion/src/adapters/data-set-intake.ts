import { MillraceError } from '@millrace/contracts';
import { compileRecordChecks } from '@millrace/decisions';
import type { RecordJudgement } from '@millrace/decisions';
import type { DataRecord, Logger, NewRecord, RecordProducer } from '@millrace/runtime';
import { acceptedTopicOf } from '../data-set-names.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { addRecord, skipRecord } from './open-stretch.js';
import { PartitionIntake } from './partition-intake.js';
import type { IntakeOptions } from './partition-intake.js';
import type { SegmentStager } from './segment-stager.js';

/** A time this far ahead of the clock is a mistake; less is a clock that runs fast. */
const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;

export interface DataSetIntakeOptions {
  stager: SegmentStager;
  producer: RecordProducer;
  logger: Logger;
  limits: IntakeOptions['limits'] & { recordBytes: number };
}

/** The records of one data set: checks them, passes the good ones on to its accepted topic, and gathers segments per partition. */
export class DataSetIntake {
  private judge: ReturnType<typeof compileRecordChecks>;
  private readonly partitions = new Map<number, PartitionIntake>();
  /** Last row per file and partition. */
  private readonly lastRows = new Map<string, number>();

  constructor(
    private dataSet: ActiveDataSet,
    private readonly options: DataSetIntakeOptions,
  ) {
    this.judge = compileRecordChecks(dataSet.definition, { maxBytes: options.limits.recordBytes, maxFutureMs: MAX_FUTURE_MS });
  }

  /** Checks the records to come by a later version of the pipeline. */
  async renew(dataSet: ActiveDataSet): Promise<void> {
    if (dataSet.pipelineVersion === this.dataSet.pipelineVersion) return;
    await Promise.all([...this.partitions.values()].map((intake) => intake.close()));
    this.dataSet = dataSet;
    this.judge = compileRecordChecks(dataSet.definition, { maxBytes: this.options.limits.recordBytes, maxFutureMs: MAX_FUTURE_MS });
  }

  /** Where reading begins when a partition is assigned. What is in memory stays when nobody has moved the position meanwhile. */
  async resume(partition: number): Promise<bigint> {
    const known = this.partitions.get(partition);
    const settled = await known?.settledOffset();
    const position = await this.options.stager.positionOf(this.dataSet.dataSet, partition);
    if (known && settled === position) return BigInt(known.nextOffset);
    this.partitions.set(partition, this.newPartition(partition, position));
    this.lastRows.clear();
    return BigInt(position);
  }

  /** Takes records of one partition in offset order; those that were taken before are passed over. Resolves when the good ones are on the accepted topic. */
  async take(partition: number, records: readonly DataRecord[]): Promise<void> {
    const intake = this.partitions.get(partition);
    if (!intake) throw new MillraceError('offset-conflict', `Partition ${partition} of ${this.dataSet.dataSet} was not resumed`);
    const fresh = records.filter((record) => Number(record.offset) >= intake.nextOffset);
    const { repeated, lastRows } = await this.fileRowsOf(fresh);
    const judged = fresh.map((record) => ({ record, judgement: repeated.has(record) ? null : this.judgementOf(record) }));
    await this.passOn(judged);
    await intake.take((stretch) => {
      for (const { record, judgement } of judged) {
        if (judgement) addRecord(stretch, record, judgement);
        else skipRecord(stretch, record);
      }
      for (const [file, row] of lastRows) {
        stretch.files.set(file, row);
        this.lastRows.set(`${file} ${partition}`, row);
      }
    });
  }

  /** Stages what is open; afterwards nothing is held. */
  async stop(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((intake) => intake.stop()));
  }

  private newPartition(partition: number, position: number): PartitionIntake {
    const { stager, logger, limits } = this.options;
    return new PartitionIntake(position, {
      stage: (stretch) => stager.stage(this.dataSet, partition, stretch),
      position: () => stager.positionOf(this.dataSet.dataSet, partition),
      limits,
      logger,
    });
  }

  private judgementOf({ key, value, headers }: DataRecord): RecordJudgement {
    return this.judge({ key, headers, text: value === null ? null : value.toString('utf8'), sizeBytes: value?.length ?? 0, nowMs: Date.now() });
  }

  private async passOn(judged: readonly { record: DataRecord; judgement: RecordJudgement | null }[]): Promise<void> {
    const topic = acceptedTopicOf(this.dataSet.dataSet, this.dataSet.kind);
    if (topic === null) return;
    const accepted = judged.flatMap(({ record, judgement }): NewRecord[] => {
      if (!judgement?.accepted) return [];
      const headers = { 'mr-source-partition': String(record.partition), 'mr-source-offset': String(record.offset), 'mr-known-at': new Date(judgement.knownAtMs).toISOString() };
      return [{ key: record.key, value: JSON.stringify(judgement.row), headers, partition: record.partition }];
    });
    await this.options.producer.send(topic, accepted);
  }

  /** Rows of files that came before (a loader that was killed sends its last portion again), and the last row of each file. */
  private async fileRowsOf(records: readonly DataRecord[]): Promise<{ repeated: Set<DataRecord>; lastRows: Map<string, number> }> {
    const repeated = new Set<DataRecord>();
    const lastRows = new Map<string, number>();
    for (const record of records) {
      const { 'mr-file': file, 'mr-row': row } = record.headers;
      if (file === undefined || row === undefined) continue;
      const last = lastRows.get(file) ?? this.lastRows.get(`${file} ${record.partition}`) ?? (await this.options.stager.filePositionOf(file, record.partition));
      if (Number(row) <= last) repeated.add(record);
      lastRows.set(file, Math.max(last, Number(row)));
    }
    return { repeated, lastRows };
  }
}
