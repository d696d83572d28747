import { createHash } from 'node:crypto';

/** A record's value as it is written into JSON: unchanged, whatever bytes it has. */
export interface WrittenValue {
  value: string | null;
  valueEncoding: 'utf-8' | 'base64';
  valueBytes: number;
  valueSha256: string;
}

/** As text when the bytes are UTF-8, else in base64; digest and size are those of the bytes. */
export function writtenValue(bytes: Buffer | null): WrittenValue {
  const measures = { valueBytes: bytes?.length ?? 0, valueSha256: createHash('sha256').update(bytes ?? '').digest('hex') };
  if (bytes === null) return { value: null, valueEncoding: 'utf-8', ...measures };
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { value: text, valueEncoding: 'utf-8', ...measures } : { value: bytes.toString('base64'), valueEncoding: 'base64', ...measures };
}
