import { setImmediate as giveWay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Backlog, LaneBatch, Logger, PackedRecords, RecordProducer } from '@millrace/runtime';
import { acceptedTopicOf } from '../data-set-names.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { BatchChecks } from './batch-checks.js';
import type { CheckedPlace } from './batch-checks.js';
import type { IntakeBudget } from './intake-budget.js';
import { OpenStretch } from './open-stretch.js';
import { PartitionIntake } from './partition-intake.js';
import type { IntakeOptions } from './partition-intake.js';
import { PassOn } from './pass-on.js';
import type { SegmentStager } from './segment-stager.js';
import { SourceHeaders } from './source-headers.js';

/** A time this far ahead of the clock is a mistake; less is a clock that runs fast. */
const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;

export interface DataSetIntakeOptions {
  stager: SegmentStager;
  producer: RecordProducer;
  logger: Logger;
  budget: IntakeBudget;
  count(outcome: 'accepted' | 'quarantined', records: number): void;
  limits: IntakeOptions['limits'] & { recordBytes: number };
}

/** Records that are checked in one go, in a millisecond or two. */
const PORTION_RECORDS = 500;

interface FileRow {
  file: string;
  /** The last row of the file up to here. */
  last: number;
  isRepeated: boolean;
}

interface Partition {
  intake: PartitionIntake;
  passOn: CheckedPlace['passOn'];
}

/** The records of one data set: checks them, passes the good ones on to its accepted topic, and gathers segments per partition. */
export class DataSetIntake {
  private checks: BatchChecks;
  private readonly partitions = new Map<number, Partition>();
  /** Last row per file and partition. */
  private readonly lastRows = new Map<string, number>();

  constructor(
    private dataSet: ActiveDataSet,
    private readonly options: DataSetIntakeOptions,
  ) {
    this.checks = this.checksOf(dataSet);
  }

  /** Checks the records to come by a later version of the pipeline; what came before is staged as of the earlier one. */
  renew(dataSet: ActiveDataSet): void {
    if (dataSet.pipelineVersion === this.dataSet.pipelineVersion) return;
    this.dataSet = dataSet;
    this.checks = this.checksOf(dataSet);
    for (const { intake } of this.partitions.values()) intake.begin();
  }

  /** Where reading begins when a partition is assigned. What is in memory stays when nobody has moved the position meanwhile. */
  async resume(partition: number): Promise<bigint> {
    const known = this.partitions.get(partition);
    const settled = await known?.intake.settledOffset();
    const position = await this.options.stager.positionOf(this.dataSet.dataSet, partition);
    if (known && settled === position) return BigInt(known.intake.nextOffset);
    if (known) this.abandon(known);
    this.partitions.set(partition, this.newPartition(partition, position));
    this.lastRows.clear();
    return BigInt(position);
  }

  /** Takes records of one partition in offset order; those that were taken before are passed over. Gives what keeps it from taking more. */
  async take({ topic, partition, packed }: LaneBatch): Promise<Backlog | undefined> {
    const known = this.partitions.get(partition);
    if (!known) throw new MillraceError('offset-conflict', `Partition ${partition} of ${this.dataSet.dataSet} was not resumed`);
    const { intake, passOn } = known;
    const files = await this.fileRowsOf(packed, partition, packed.placeOf(intake.nextOffset));
    // Between two portions others have their turn: the stretch may be closed, the checks be renewed. Nothing of it happens within one.
    for (let place = packed.placeOf(intake.nextOffset); place < packed.count; place = packed.placeOf(intake.nextOffset)) {
      const { stretch } = intake;
      const [rows, refused] = [stretch.rows.rows, stretch.refused.length];
      this.takePortion(packed, place, { topic, partition, stretch, passOn }, files);
      this.options.count('accepted', stretch.rows.rows - rows);
      this.options.count('quarantined', stretch.refused.length - refused);
      if (passOn) stretch.passOn = () => passOn.records.flush();
      await giveWay();
    }
    void passOn?.records.flush().catch(() => undefined);
    return backlogOf(intake.filled(), passOn?.records.backlog ?? null);
  }

  private takePortion(packed: PackedRecords, first: number, target: CheckedPlace, files: ReadonlyMap<number, FileRow>): void {
    const end = Math.min(first + PORTION_RECORDS, packed.count);
    if (files.size === 0) return this.checks.take(packed, first, end, target);
    for (let place = first; place < end; place += 1) {
      const row = files.get(place);
      if (row?.isRepeated) target.stretch.cover(packed.places.offsets[place] as number);
      else this.checks.take(packed, place, place + 1, target);
      if (!row) continue;
      target.stretch.files.set(row.file, row.last);
      this.lastRows.set(`${row.file} ${target.partition}`, row.last);
    }
  }

  /** Stages what is open; afterwards nothing is held. */
  async stop(): Promise<void> {
    await Promise.all([...this.partitions.values()].map(async ({ intake, passOn }) => {
      passOn?.records.stop();
      await intake.stop();
    }));
  }

  private checksOf(dataSet: ActiveDataSet): BatchChecks {
    return new BatchChecks(dataSet, { maxBytes: this.options.limits.recordBytes, maxFutureMs: MAX_FUTURE_MS });
  }

  private newPartition(partition: number, position: number): Partition {
    const { stager, logger, limits, budget, producer } = this.options;
    const intake = new PartitionIntake(position, {
      newStretch: (fromOffset, spare) => new OpenStretch(fromOffset, this.dataSet, spare),
      stage: (stretch) => stager.stage(partition, stretch),
      position: () => stager.positionOf(this.dataSet.dataSet, partition),
      limits,
      budget,
      logger,
    });
    const topic = acceptedTopicOf(this.dataSet.dataSet, this.dataSet.kind);
    return { intake, passOn: topic === null ? null : { records: new PassOn({ topic, partition }, producer, budget, logger), headers: new SourceHeaders(partition) } };
  }

  private abandon({ intake, passOn }: Partition): void {
    passOn?.records.stop();
    intake.abandon();
  }

  /** The rows of files among records, by place. Those that came before are known: a loader that was killed sends its last portion again. */
  private async fileRowsOf(packed: PackedRecords, partition: number, first: number): Promise<Map<number, FileRow>> {
    const rows = new Map<number, FileRow>();
    const lastRows = new Map<string, number>();
    for (let place = first; place < packed.count; place += 1) {
      if (!packed.hasHeaders(place)) continue;
      const { 'mr-file': file, 'mr-row': row } = packed.headersOf(place);
      if (file === undefined || row === undefined) continue;
      const before = lastRows.get(file) ?? this.lastRows.get(`${file} ${partition}`) ?? (await this.options.stager.filePositionOf(file, partition));
      const last = Math.max(before, Number(row));
      rows.set(place, { file, last, isRepeated: Number(row) <= before });
      lastRows.set(file, last);
    }
    return rows;
  }
}

function backlogOf(staging: Promise<void> | null, passing: Promise<void> | null): Backlog | undefined {
  if (staging) return { because: 'a full segment waits until the one before it is staged', until: Promise.all([staging, passing]) };
  return passing ? { because: 'accepted records wait for the broker', until: passing } : undefined;
}
