/** Api key, api version and correlation id stand before the client id of a Kafka request; its length in four bytes before all. */
const clientIdLengthAt = 12;
const clientIdAt = 14;
/** A Postgres start-up message: length, protocol version, then names and values, each ended by a zero. */
const parametersAt = 8;

/** The client id of a Kafka connection, from its first request. Empty when there is none. */
export function kafkaClientOf(firstBytes: Buffer): string {
  if (firstBytes.length < clientIdAt) return '';
  const length = firstBytes.readInt16BE(clientIdLengthAt);
  return length <= 0 ? '' : firstBytes.subarray(clientIdAt, clientIdAt + length).toString('utf8');
}

/** The role that a Postgres connection signs in with, from its start-up message. Empty when there is none. */
export function postgresUserOf(firstBytes: Buffer): string {
  const words = firstBytes.subarray(parametersAt).toString('utf8').split('\0');
  const at = words.findIndex((word, index) => index % 2 === 0 && word === 'user');
  return at < 0 ? '' : (words[at + 1] ?? '');
}
