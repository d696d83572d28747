import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface SteadyLoad {
  url: string;
  headers: Record<string, string>;
  /** Body of the request with this number. */
  bodyOf(index: number): string;
  perSecond: number;
  seconds: number;
}

/**
 * Sends requests at a fixed rate whether or not earlier ones were answered. Gives each request's milliseconds counted from when it was due,
 * so that a stall counts for all that had to wait.
 * @throws Error at the first answer that is not 200
 */
export async function steadyLoad({ url, headers, bodyOf, perSecond, seconds }: SteadyLoad): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const startMs = performance.now();
  const answers: Promise<number>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueMs = startMs + (index * 1000) / perSecond;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
    answers.push(post(agent, url, headers, bodyOf(index)).then(() => performance.now() - dueMs));
  }
  const measured = await Promise.all(answers);
  agent.destroy();
  return measured;
}

function post(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`))));
    });
    // A server may close a resting connection just when it is taken again; Node asks clients to repeat then.
    sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' && sent.reusedSocket ? post(agent, url, headers, body).then(resolve, reject) : reject(error)));
    sent.end(body);
  });
}
