/** Where a service can't listen is for its operator to fix, not a bug. */
import { HoldfastError } from '#protocol/errors';

/** The system's refusal to listen as a HoldfastError; undefined for anything else. */
export function listenFault(thrown: unknown): HoldfastError | undefined {
  if (!(thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'listen' && 'code' in thrown)) return undefined;
  const host = 'address' in thrown ? String(thrown.address) : '';
  const port = 'port' in thrown ? Number(thrown.port) : 0;
  switch (thrown.code) {
    case 'EADDRINUSE':
      return new HoldfastError('port_in_use', { reason: 'port', port }, { cause: thrown });
    case 'EACCES':
    case 'EPERM':
      return new HoldfastError('bad_config', { reason: 'listen-denied', port }, { cause: thrown });
    // no such address; no IPv6 at all
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return new HoldfastError('bad_config', { reason: 'listen-elsewhere', host }, { cause: thrown });
    default:
      return undefined;
  }
}
