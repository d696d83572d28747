/** Parses a JSON body and answers with JSON of the size of a prediction: what Node's HTTP costs alone. Tells its parent the URL. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const answer = JSON.stringify({ model_name: 'default.bench', outputs: [{ name: 'score', datatype: 'FP64', shape: [1, 1], data: [0.5] }], filler: 'x'.repeat(300) });
process.once('disconnect', () => process.exit(0));
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part: string) => (body += part));
  request.on('end', () => {
    JSON.parse(body);
    response.setHeader('content-type', 'application/json').end(answer);
  });
}).listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
