/** Are the ports free? Asked before anything is started, so that nothing is left half running. */
import { createServer } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { HOST, PORT_SPAN } from './plan.ts';

const LOWEST = 1_024;
const HIGHEST = 65_535;

/** Throws `port_in_use` naming the taken ports, or `bad_request` for a base that cannot hold all of them. */
export async function claimPorts(base: number, offsets: readonly number[]): Promise<void> {
  if (!Number.isInteger(base) || base < LOWEST || base + PORT_SPAN > HIGHEST) {
    throw new HoldfastError('bad_request', { reason: 'out-of-range', option: '--port-base', least: LOWEST, most: HIGHEST - PORT_SPAN });
  }
  const taken = (await Promise.all(offsets.map(async (n) => ((await isFree(base + n)) ? [] : [base + n])))).flat();
  if (taken.length > 0) throw new HoldfastError('port_in_use', { reason: 'taken', host: HOST, known: taken.join(', ') });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
