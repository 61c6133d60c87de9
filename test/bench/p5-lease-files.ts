/**
 * P5, the cryptography of it: the parts of lease files made on one core, for two locations, nothing shared; and one held lease opened, each time
 * another. The peers do the same work: jose signs and seals the very claims that ours did, to the same readers, with as many key agreements;
 * the bare cryptography of an opening is that of Node on the same bytes.
 */
import { createDecipheriv, createHash, createPublicKey, diffieHellman, type KeyObject, verify } from 'node:crypto';
import * as jose from 'jose';
import type { Leasable } from '#core/access/resolve';
import type { P256Jwk } from '#protocol/jose';
import { leaseBuilder } from '../../core/lease/build.ts';
import { judgeHeldLease } from '../../core/lease/judge-held.ts';
import { nodeCrypto, publicKeyOf } from '../../runtime/jose/primitives.ts';
import { batchSealer } from '../../runtime/jose/seal.ts';
import { newEd25519, newId, newP256, privateKeyOf, publicHalf } from '../../runtime/jose/sign.ts';
import { DAY, MARA, NOW, newDevice, newWorld, TENANT, WORKSPACE } from '../vectors/world.ts';
import { type Figure, interleaved, judge, median } from './measure.ts';

const RESOURCES = 300;
/** every resource in a delivery group of its own: three files each are really made, nothing is shared */
const FILES = RESOURCES * 3;
const OPENINGS = 200;
const OPENING_ROUNDS = 9;

export async function measure(): Promise<Figure[]> {
  return [await makes(), await opens()];
}

/** One signed and sealed part of a file, of which a file has one for each location. */
interface Part {
  readonly typ: string;
  readonly claims: object;
  readonly reader: P256Jwk;
}

const world = newWorld();

function issuing(device: { readonly jkt: string; readonly enc: P256Jwk }) {
  return { tenant: TENANT, workspace: WORKSPACE, user: MARA, device, iat: NOW, leaseSeconds: 7 * DAY };
}

function means() {
  const keys = new Map(world.leasable.locations.map(({ id }) => [id, [publicHalf(newP256())]]));
  return { crypto: nodeCrypto, signer: world.issuer, newId, locationKeys: (location: string) => keys.get(location) ?? [] };
}

async function makes(): Promise<Figure> {
  const leasables: Leasable[] = Array.from({ length: RESOURCES }, (_, index) => ({
    ...world.leasable,
    deliveryGroup: `group-${index}`,
    resource: { ...world.leasable.resource, id: `app-${index}` },
  }));
  const target = issuing(newDevice());
  const by = means();
  const parts = partsOf(leasables, target, by);
  const signer = await jose.importJWK({ ...newEd25519() }, 'EdDSA');
  const made = await interleaved(
    {
      ours: () => leasables.map(leaseBuilder(target, { ...by, seal: batchSealer() })),
      jose: () => madeByJose(parts, signer),
    },
    7,
  );
  const perSecond = (ms: number) => (FILES / ms) * 1_000;
  return judge(
    'P5',
    `lease files made on one core, ${world.leasable.locations.length} locations, nothing shared (peer: the same parts by jose)`,
    perSecond(median(made.ours)),
    'files/s',
    { ratioAtLeast: 5 },
    perSecond(median(made.jose)),
  );
}

/** What is signed and sealed for these, in order. */
function partsOf(leasables: readonly Leasable[], target: ReturnType<typeof issuing>, by: ReturnType<typeof means>): readonly Part[] {
  const parts: Part[] = [];
  let signed: Omit<Part, 'reader'> | undefined;
  const build = leaseBuilder(target, {
    ...by,
    signer: {
      ...by.signer,
      sign: (typ, claims) => {
        signed = { typ, claims };
        return '';
      },
    },
    seal: (_, reader) => {
      if (signed !== undefined) parts.push({ ...signed, reader });
      return '';
    },
  });
  for (const leasable of leasables) build(leasable);
  return parts;
}

async function madeByJose(parts: readonly Part[], signer: Awaited<ReturnType<typeof jose.importJWK>>): Promise<void> {
  const agreed = new Map<P256Jwk, Uint8Array>();
  for (const { typ, claims, reader } of parts) {
    const wrapping = agreed.get(reader) ?? agreeWith(reader);
    agreed.set(reader, wrapping);
    const jws = await new jose.CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: world.issuer.kid })
      .sign(signer);
    await new jose.CompactEncrypt(new TextEncoder().encode(jws))
      .setProtectedHeader({ alg: 'A256KW', enc: 'A256GCM', cty: 'JWT' })
      .encrypt(wrapping);
  }
}

/** The one agreement with a reader that a batch needs; jose itself would make one for every part. */
function agreeWith(reader: P256Jwk): Uint8Array {
  const secret = diffieHellman({ privateKey: privateKeyOf(newP256()), publicKey: publicKeyOf(reader) });
  return createHash('sha256').update(secret).digest();
}

async function opens(): Promise<Figure> {
  const enc = newP256();
  const device = newDevice(enc);
  const trust = world.trustWith();
  const owner = { workspace: WORKSPACE, subject: MARA.subject, jkt: device.jkt };
  const by = means();
  // Each of a sync of its own and opened once: key agreements, keys and good signatures are remembered.
  const held = Array.from(
    { length: (OPENING_ROUNDS + 1) * OPENINGS },
    () => leaseBuilder(issuing(device), { ...by, seal: batchSealer() })(world.leasable).files,
  );
  const batches = () => {
    let opened = 0;
    return () => {
      opened += OPENINGS;
      return held.slice(opened - OPENINGS, opened);
    };
  };
  const [forOurs, forBare] = [batches(), batches()];
  const privateKey = privateKeyOf(enc);
  const issuer = publicKeyOf(world.issuer.publicKey);
  const times = await interleaved(
    {
      ours: () => {
        for (const files of forOurs())
          if (!judgeHeldLease(nodeCrypto, trust, device.unseal, files, owner, NOW).ok) throw new Error('the lease does not open');
      },
      bare: () => {
        for (const { metadata, common, location } of forBare()) {
          if (!openedBare(metadata, privateKey, issuer)) throw new Error('the bytes do not open');
          createHash('sha256').update(common).digest();
          createHash('sha256').update(location).digest();
        }
      },
    },
    OPENING_ROUNDS,
  );
  return judge(
    'P5',
    'opening one held lease, another each time (peer: the bare cryptography)',
    median(times.ours) / OPENINGS,
    'ms',
    { ratioAtMost: 1.5 },
    median(times.bare) / OPENINGS,
  );
}

/** Key agreement, derivation, unwrapping, decryption and the signature's check: nothing is judged. */
function openedBare(jwe: string, privateKey: KeyObject, issuer: KeyObject): boolean {
  const [head = '', ...rest] = jwe.split('.');
  const [wrapped, iv, ciphertext, tag] = rest.map((part) => Buffer.from(part, 'base64url'));
  if (wrapped === undefined || iv === undefined || ciphertext === undefined || tag === undefined) return false;
  const { epk } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const secret = diffieHellman({ privateKey, publicKey: createPublicKey({ key: epk, format: 'jwk' }) });
  const unwrap = createDecipheriv('id-aes256-wrap', derived(secret), Buffer.alloc(8, 0xa6));
  const key = Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(head)).setAuthTag(tag);
  const jws = Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString();
  const signature = jws.lastIndexOf('.');
  return verify(null, Buffer.from(jws.slice(0, signature)), issuer, Buffer.from(jws.slice(signature + 1), 'base64url'));
}

/** Concat KDF for A256KW (RFC 7518, 4.6). */
function derived(secret: Buffer): Buffer {
  const algorithm = Buffer.from('ECDH-ES+A256KW');
  const info = Buffer.concat([Buffer.from([0, 0, 0, algorithm.length]), algorithm, Buffer.alloc(8), Buffer.from([0, 0, 1, 0])]);
  return createHash('sha256')
    .update(Buffer.from([0, 0, 0, 1]))
    .update(secret)
    .update(info)
    .digest();
}
