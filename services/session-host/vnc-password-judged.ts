/** Sees in what a VNC server sends that it has judged the viewer's password: from then on the password has no more use. */
import type { Readable } from 'node:stream';

/** RFC 6143, 7.1.1: the server's version */
const VERSION = 12;
/** 7.2.2: the challenge that the password answers */
const CHALLENGE = 16;
/** 7.1.2: at most so many security types in one byte each, after their number */
const TYPES = 256;

/** Calls `judged` once. Whoever else reads `server` reads the same bytes. */
export function whenJudged(server: Readable, judged: () => void): void {
  let sent: Buffer = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    sent = Buffer.concat([sent, chunk.subarray(0, VERSION + TYPES + CHALLENGE + 1)]);
    if (!hasJudged(sent)) return;
    server.off('data', look);
    judged();
  };
  server.on('data', look);
}

function hasJudged(sent: Buffer): boolean {
  const count = sent[VERSION];
  if (count === undefined) return false;
  // Version 3.3 names its one security type in four bytes, the first of them 0; later ones count them, then name each in one.
  const types = count === 0 ? 4 : 1 + count;
  return sent.length > VERSION + types + CHALLENGE;
}
