import { Controller } from '@nestjs/common';
import type { FileLoad, OperationInput, OperationOutput } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { Answers, AnswersRaw, inputOfRequest, UnitOfWork, uuidV7 } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSetTables } from '../adapters/data-set-tables.js';
import { FileLoader } from '../adapters/file-loader.js';
import { boundedStream } from '../bounded-stream.js';
import { dataSetIdOf } from '../data-set-names.js';
import { FileLoadRow, toFileLoad } from '../store/file-load.row.js';
import { activeDataSet, receiveFile } from '../use-cases/load-file.js';

const FORMATS: Record<string, FileLoad['format']> = { 'application/vnd.apache.parquet': 'parquet', 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };
const MAX_FILE_BYTES = 1024 ** 3;

@Controller()
export class FilesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
    private readonly loader: FileLoader,
  ) {}

  @AnswersRaw('uploadFile')
  async upload(request: FastifyRequest, reply: FastifyReply, cause: RequestCause): Promise<void> {
    const dataSet = dataSetIdOf(inputOfRequest('uploadFile', request));
    const format = formatOf(request);
    await this.work.read((tx) => activeDataSet(tx, dataSet));
    const file = `${cause.project}/file-${uuidV7(Date.now())}`;
    const key = `data-sets/${dataSet}/files/${file.split('/')[1] ?? ''}.${format}`;
    await this.tables.store.put(key, boundedStream(request.raw, MAX_FILE_BYTES));
    const sizeBytes = (await this.tables.store.sizeOf(key)) ?? 0;
    const load = await this.work.run(cause, (tx) => receiveFile(tx, { file, dataSet, format, url: this.tables.store.urlOf(key), sizeBytes }));
    this.loader.wake();
    await reply.code(202).send(load);
  }

  @Answers('listFiles')
  async list(input: OperationInput<'listFiles'>): Promise<OperationOutput<'listFiles'>> {
    const dataSet = dataSetIdOf(input);
    const rows = await this.work.read((tx) => tx.findMany(FileLoadRow, { where: { dataSet }, order: { receivedAt: 'DESC' }, take: input.limit }));
    return { files: rows.map(toFileLoad) };
  }

  @Answers('getFile')
  async get(input: OperationInput<'getFile'>): Promise<OperationOutput<'getFile'>> {
    const file = input.file.includes('/') ? input.file : `${input.project}/${input.file}`;
    return toFileLoad(await this.work.read((tx) => tx.get(FileLoadRow, { file, dataSet: dataSetIdOf(input) }, 'file-not-found')));
  }
}

function formatOf(request: FastifyRequest): FileLoad['format'] {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  const format = FORMATS[type.trim()];
  if (!format) throw new MillraceError('unsupported-media-type', `${type || 'A file without a type'} is not accepted here, send ${Object.keys(FORMATS).join(', ')}`);
  return format;
}
