import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { commandLineOf } from './command-line-of.js';
import { LaunchError } from './launch-error.js';

const longestCommand = 80;

/**
 * Checks that each port can be listened on at 127.0.0.1.
 * @param ports what wants the port (`Kafka`) → its number
 * @throws LaunchError naming the first port that is taken, who holds it, and the setting that changes it
 */
export async function requireFreePorts(ports: Record<string, { port: number; setting: string }>): Promise<void> {
  for (const [what, { port, setting }] of Object.entries(ports)) {
    const fault = await listenFault(port);
    if (fault === undefined) continue;
    if (fault !== 'EADDRINUSE') throw new LaunchError(`Port ${port} (${what}) cannot be used: ${fault}; choose another by ${setting}.`);
    const holder = await holderOfPort(port);
    const by = holder ? ` by process ${holder.pid} (${holder.command})` : '';
    throw new LaunchError(`Port ${port} (${what}) is taken${by}; end that process, or choose another port by ${setting} or move all by MILLRACE_PORT_OFFSET=1000.`);
  }
}

/** The process that listens on a TCP port; undefined when nobody does, it belongs to another user, or outside Linux. */
export async function holderOfPort(port: number): Promise<{ pid: number; command: string } | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
    if (!links.some((link) => sockets.has(link))) continue;
    const command = (await commandLineOf(Number(pid))) ?? 'unknown command';
    return { pid: Number(pid), command: command.length > longestCommand ? `${command.slice(0, longestCommand)}...` : command };
  }
  return undefined;
}

/** `socket:[inode]` of every listening TCP socket on the port; columns as in the kernel's proc_net_tcp page. */
async function listeningSockets(port: number): Promise<Set<string>> {
  const listening = '0A';
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')));
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return new Set(rows.filter((row) => row[1]?.endsWith(hexPort) && row[3] === listening).map((row) => `socket:[${row[9]}]`));
}

function listenFault(port: number): Promise<string | undefined> {
  return new Promise((answer) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => answer(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(undefined)));
  });
}
