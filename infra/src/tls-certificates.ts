import 'reflect-metadata';
import { X509Certificate, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509CertificateGenerator, cryptoProvider } from '@peculiar/x509';
import { secretsDirectory } from './secret-of.js';

export interface TlsCertificates {
  /** The authority's certificate, for clients. */
  caFile: string;
  /** Certificate of the machine's servers (localhost, 127.0.0.1), signed by the authority, and its private key (PKCS8). */
  certificateFile: string;
  keyFile: string;
  /** Key and certificates in one file, as Kafka wants them. */
  keystoreFile: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 60 * 60 * 1000;
const validityDays = 825;
const renewedDaysBefore = 60;

/**
 * An authority of this home's own and one certificate for the servers on this machine, in `<home>/secrets/tls`; made at the first asking and again
 * two months before they end. The authority's private key is thrown away: nobody can sign another certificate with it.
 */
export async function tlsCertificates(home: string): Promise<TlsCertificates> {
  const directory = join(secretsDirectory(home), 'tls');
  const files = { caFile: join(directory, 'ca.pem'), certificateFile: join(directory, 'server.pem'), keyFile: join(directory, 'server.key.pem'), keystoreFile: join(directory, 'kafka-keystore.pem') };
  if (isFresh(files.caFile) && existsSync(files.keystoreFile)) return files;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { ca, certificate, key } = await newCertificates();
  writeFileSync(files.certificateFile, `${certificate}\n${ca}\n`);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  writeFileSync(files.keystoreFile, `${key}\n${certificate}\n${ca}\n`, { mode: 0o600 });
  writeFileSync(files.caFile, `${ca}\n`); // last: it says that the others are there
  return files;
}

function isFresh(caFile: string): boolean {
  return existsSync(caFile) && new X509Certificate(readFileSync(caFile)).validToDate.getTime() > Date.now() + renewedDaysBefore * day;
}

async function newCertificates(): Promise<{ ca: string; certificate: string; key: string }> {
  cryptoProvider.set(webcrypto as never);
  const [authority, server] = await Promise.all([newKeys(), newKeys()]);
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + validityDays * day), signingAlgorithm: algorithm };
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=Millrace on this machine',
    keys: authority,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)],
  });
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=localhost',
    issuer: ca.subject,
    publicKey: server.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new BasicConstraintsExtension(false),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', server.privateKey)).toString('base64');
  return { ca: ca.toString('pem'), certificate: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----` };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}
