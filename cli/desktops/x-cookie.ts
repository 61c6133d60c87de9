/** An X authority file with one cookie that is good for every display: only who can read the file reaches the X server. */

/** `FamilyWild` of Xauth(3) */
const ANY_HOST = 0xff_ff;
const SCHEME = 'MIT-MAGIC-COOKIE-1';

export function writeCookie(cookie: Uint8Array): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16BE(ANY_HOST);
  return Buffer.concat([family, counted(''), counted(''), counted(SCHEME), counted(cookie)]);
}

function counted(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
