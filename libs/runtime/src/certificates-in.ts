import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contracts';

/** The PEM text of a file of certificates. Throws `invalid-settings` when it cannot be read or holds none. @param setting named in the sentence */
export function certificatesIn(setting: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MillraceError('invalid-settings', `${setting} ${file} cannot be read: ${(error as Error).message}`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new MillraceError('invalid-settings', `${setting} ${file} holds no certificate in PEM`);
  return text;
}
