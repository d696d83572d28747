import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const established = '01';

/** Established TCP connections of a process to a port of this machine. Reads /proc; Linux only. */
export function connectionsOf(pid: number, port: number): number {
  const own = new Set(socketsOf(pid));
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].flatMap((table) => linesOf(`/proc/${pid}/net/${table}`)).filter((line) => {
    const [, , remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === established && remote.endsWith(suffix) && own.has(inode);
  }).length;
}

function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}
