/** Name lookup that keeps `*.localhost` on this machine (RFC 6761), as browsers do and not every resolver does. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

export const lookup: LookupFunction = (hostname, options, callback) => {
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) {
    systemLookup(hostname, options, callback);
    return;
  }
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
