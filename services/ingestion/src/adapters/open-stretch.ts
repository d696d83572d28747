import { envelopeHeadersOf } from '@millrace/decisions';
import type { RecordFlaw } from '@millrace/decisions';
import type { DataRecord } from '@millrace/runtime';
import { ColumnVectors } from '@millrace/storage';
import { segmentColumnsOf } from '../segment-columns.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import type { RefusedRecord } from '../use-cases/stage-segment.js';

/** Records of one partition between two offsets that are in no segment yet. */
export class OpenStretch {
  /** First offset that is not covered. */
  nextOffset: number;
  /** Of the table's columns and the technical ones. */
  readonly rows: ColumnVectors;
  /** The first row that counts: those before were staged by another process. */
  firstRow = 0;
  refused: RefusedRecord[] = [];
  /** Last row seen per loaded file. */
  readonly files = new Map<string, number>();
  /** Sends what is left of the good records to the accepted topic; resolves when all are there. */
  passOn: () => Promise<void> = () => Promise.resolve();
  #refusedBytes = 0;

  constructor(
    /** First offset covered, whether or not it holds a record. */
    public fromOffset: number,
    /** As it was when its first record came. */
    readonly dataSet: ActiveDataSet,
    /** One that was staged and whose memory is taken over, if it is of the same data set and version. */
    spare: OpenStretch | null = null,
  ) {
    this.nextOffset = fromOffset;
    if (spare?.dataSet === dataSet) {
      this.rows = spare.rows;
      this.rows.clear();
    } else this.rows = new ColumnVectors(segmentColumnsOf(dataSet.columns));
  }

  get isEmpty(): boolean {
    return this.nextOffset <= this.fromOffset;
  }

  get rowCount(): number {
    return this.rows.rows - this.firstRow;
  }

  /** Memory held, about. */
  get bytes(): number {
    return this.rows.size + this.#refusedBytes;
  }

  /** Notes that an offset is covered. */
  cover(offset: number): void {
    this.nextOffset = offset + 1;
  }

  refuse(record: DataRecord, { code, detail }: RecordFlaw): void {
    const value = Buffer.from(record.value ?? ''); // the bytes it came in hold thousands of others
    this.refused.push({ offset: Number(record.offset), key: record.key, headers: envelopeHeadersOf(record.headers), code, detail, value });
    this.#refusedBytes += value.length;
  }

  /** Leaves out what another process has staged. */
  dropBefore(offset: number): void {
    const place = this.rows.columns.findIndex(({ name }) => name === '_offset');
    while (this.firstRow < this.rows.rows && this.rows.numberAt(place, this.firstRow) < offset) this.firstRow += 1;
    this.refused = this.refused.filter((record) => record.offset >= offset);
    this.fromOffset = offset;
    this.nextOffset = Math.max(this.nextOffset, offset);
  }
}
