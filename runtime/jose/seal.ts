/** Compact JWE, ECDH-ES+A256KW with A256GCM (RFC 7516, RFC 7518 4.6), synchronously. Cross-checked with jose both ways in the tests. */
import { createCipheriv, createDecipheriv, createHash, diffieHellman, generateKeyPairSync, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Seal, Unseal } from '#core/crypto';
import { JweHeader, P256Jwk, type P256PrivateJwk } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { publicKeyOf, thumbprint } from './primitives.ts';
import { privateKeyOf, publicHalf } from './sign.ts';

const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);
const COMPACT_PARTS = 5;

/** Concat KDF (NIST SP 800-56A) for `A256KW`: one round, since 256 bits come out of one SHA-256. */
const OTHER_INFO = ((): Buffer => {
  const uint32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const algorithm = Buffer.from('ECDH-ES+A256KW');
  return Buffer.concat([uint32(algorithm.length), algorithm, uint32(0), uint32(0), uint32(256)]);
})();
const ROUND_ONE = Buffer.from([0, 0, 0, 1]);

function wrappingKey(secret: Uint8Array): Buffer {
  return createHash('sha256').update(ROUND_ONE).update(secret).update(OTHER_INFO).digest();
}

interface Agreement {
  readonly protectedPart: string;
  readonly wrappingKey: Buffer;
}

/** One key agreement with a reader: an ephemeral key, and the header and wrapping key that come of it. */
function agreeWith(reader: P256Jwk): Agreement {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const epk = parse(P256Jwk, ephemeral.publicKey.export({ format: 'jwk' }), 'internal');
  const header: JweHeader = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT', kid: thumbprint(reader), epk };
  return {
    protectedPart: Buffer.from(JSON.stringify(header)).toString('base64url'),
    wrappingKey: wrappingKey(diffieHellman({ privateKey: ephemeral.privateKey, publicKey: publicKeyOf(reader) })),
  };
}

function sealWith({ protectedPart, wrappingKey: key }: Agreement, jws: string): string {
  const contentKey = randomBytes(32);
  const wrap = createCipheriv('id-aes256-wrap', key, KEY_WRAP_IV);
  const wrapped = Buffer.concat([wrap.update(contentKey), wrap.final()]);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(protectedPart));
  const ciphertext = Buffer.concat([cipher.update(jws, 'utf8'), cipher.final()]);
  return [protectedPart, ...[wrapped, iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/**
 * Seals one batch: a single key agreement a reader, whose result wraps a fresh content key for every file.
 * That is one agreement, and so one ephemeral key, in the sense of RFC 7518 4.6; it halves the cost of a file and lets a
 * device with a slow token open a whole sync with one operation. See docs/adr/0004.
 */
export function batchSealer(): Seal {
  const agreements = new Map<string, Agreement>();
  return (jws, reader) => {
    const name = `${reader.x}.${reader.y}`;
    const agreement = agreements.get(name) ?? agreeWith(reader);
    agreements.set(name, agreement);
    return sealWith(agreement, jws);
  };
}

/** Opens with whatever can do ECDH for `reader`: a private key in memory, a token, a keystore. */
export function unsealer(reader: P256Jwk, deriveECDH: (point: P256Jwk) => Uint8Array): Unseal {
  const kid = thumbprint(reader);
  /** the latest agreement: files of one batch share it */
  let latest: { point: string; key: Buffer } | undefined;
  const keyFor = (point: P256Jwk): Buffer => {
    const name = `${point.x}.${point.y}`;
    if (latest?.point === name) return latest.key;
    // Refuses a point that is not on the curve before a token sees it.
    publicKeyOf(point);
    latest = { point: name, key: wrappingKey(deriveECDH(point)) };
    return latest.key;
  };
  return (jwe) => {
    if (jwe.length > LIMITS.tokenBytes) return undefined;
    const parts = jwe.split('.');
    const [protectedPart, wrapped, iv, ciphertext, tag] = parts;
    if (parts.length !== COMPACT_PARTS || !protectedPart || !wrapped || !iv || !ciphertext || !tag) return undefined;
    try {
      const header = v.parse(JweHeader, JSON.parse(Buffer.from(protectedPart, 'base64url').toString()));
      if (header.kid !== kid) return undefined;
      const unwrap = createDecipheriv('id-aes256-wrap', keyFor(header.epk), KEY_WRAP_IV);
      const contentKey = Buffer.concat([unwrap.update(strict(wrapped)), unwrap.final()]);
      const decipher = createDecipheriv('aes-256-gcm', contentKey, strict(iv), { authTagLength: 16 })
        .setAAD(Buffer.from(protectedPart))
        .setAuthTag(strict(tag));
      return Buffer.concat([decipher.update(strict(ciphertext)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  };
}

/** Opens with a private key that lies in memory. */
export function unsealerFor(jwk: P256PrivateJwk): Unseal {
  const privateKey = privateKeyOf(jwk);
  return unsealer(publicHalf(jwk), (point) => diffieHellman({ privateKey, publicKey: publicKeyOf(point) }));
}

/** Base64url without second spellings: a flipped bit in the last character must not go unnoticed. */
function strict(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new Error('not canonical base64url');
  return bytes;
}
