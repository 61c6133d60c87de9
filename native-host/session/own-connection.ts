/** Whether a connection to the loopback port comes from this user's process. Only Linux tells; elsewhere the single use must suffice. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

export async function isOwnConnection(connection: Socket): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const { remotePort, localPort } = connection;
  if (remotePort === undefined || localPort === undefined) return false;
  return ownerOfConnection(await readFile('/proc/net/tcp', 'utf8'), remotePort, localPort) === process.getuid?.();
}

/** The user id of the socket that connects from `from` to `to` on 127.0.0.1, by the kernel's table. */
export function ownerOfConnection(table: string, from: number, to: number): number | undefined {
  const wanted = [`0100007F:${hex(from)}`, `0100007F:${hex(to)}`];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/u);
    if (fields[1] === wanted[0] && fields[2] === wanted[1]) return Number(fields[7]);
  }
  return undefined;
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
