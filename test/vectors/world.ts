/** A small world with all its keys: one tenant, one person, one device, two locations. Tests and the vectors' maker build on it. */
import { diffieHellman, sign as signBytes } from 'node:crypto';
import type { Leasable } from '#core/access/resolve';
import { type Ed25519Jwk, type Typ, TYP } from '#protocol/jose';
import type { Grant, LeaseFiles, LeaseLocation, Proof, Ticket } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { User } from '#protocol/primitives';
import type { Revocation, RevocationList, RootBundle, SignedRootBundle, Statement } from '#protocol/trust';
import { leaseBuilder } from '../../core/lease/build.ts';
import type { Trust } from '../../core/trust/trust.ts';
import { nodeCrypto, publicKeyOf, sha256, thumbprint } from '../../runtime/jose/primitives.ts';
import { unsealer, unsealerFor } from '../../runtime/jose/seal.ts';
import { seal } from '../seal.ts';
import { componentSigner, type DeviceKey, deviceSigner, newEd25519, newId, newP256, privateKeyOf, publicHalf } from '../../runtime/jose/sign.ts';

/** 2026-11-20 10:42:00 UTC */
export const NOW = Date.UTC(2026, 10, 20, 10, 42) / 1000;
export const DAY = 86_400;
export const WORKSPACE = 'https://workspace.contoso.example';
export const TENANT = 'contoso';
export const MARA: User = { subject: 'mara-0123456789', name: 'Mara Keller', upn: 'mara.keller@contoso.example', groups: ['Staff', 'Finance'] };

export function newDevice(enc = newP256()) {
  const sign = newP256();
  const key: DeviceKey = {
    sign: (bytes) => signBytes('sha256', bytes, { key: privateKeyOf(sign), dsaEncoding: 'ieee-p1363' }),
    deriveECDH: (point) => diffieHellman({ privateKey: privateKeyOf(enc), publicKey: publicKeyOf(point) }),
    publicJwk: () => ({ sign: publicHalf(sign), enc: publicHalf(enc) }),
  };
  const signer = deviceSigner(key);
  return { key, signer, jkt: signer.kid, enc: publicHalf(enc), unseal: unsealer(publicHalf(enc), key.deriveECDH) };
}

export function newWorld() {
  const roots = [newEd25519(), newEd25519(), newEd25519()].map(componentSigner);
  const trustRole = componentSigner(newEd25519());
  const issuer = componentSigner(newEd25519());
  const revoker = componentSigner(newEd25519());
  const zurichKey = newP256();
  const bernKey = newP256();

  const bundle: RootBundle = {
    version: 1,
    tenant: TENANT,
    threshold: 2,
    rootKeys: roots.map(({ publicKey }) => publicKey),
    roles: { trust: [trustRole.publicKey], issuer: [issuer.publicKey], revoker: [revoker.publicKey] },
    iat: NOW - DAY,
    exp: NOW + 365 * DAY,
  };
  const signedBundle = signBundle(bundle, roots.slice(0, 2));
  const listToken = (entries: Revocation[] = [], version = 1, iat = NOW - 30) =>
    revoker.sign(TYP.revocations, { version, iat, entries } satisfies RevocationList);
  const trustWith = (entries: Revocation[] = [], iat = NOW - 30): Trust => {
    const token = listToken(entries, 1, iat);
    return { bundle, signedBundle, history: [signedBundle], list: { version: 1, iat, entries }, listToken: token };
  };

  const locations: LeaseLocation[] = ['zurich', 'bern'].map((id) => ({
    id,
    name: id === 'zurich' ? 'Zurich' : 'Bern',
    connectivity: 'both',
    connectors: [{ id: `${id}-connector-1`, address: { host: `${id}-1.contoso.example`, port: 2598 } }],
    gateways: [{ id: 'gateway-1', address: { host: 'gateway-1.contoso.example', port: 443 } }],
  }));
  const leasable: Leasable = {
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
    deliveryGroup: 'office',
    entitledBy: 'Finance',
    hangsOn: ['groups'],
    locations,
    revocation: { mode: 'best-effort', maxStaleSeconds: 7 * DAY },
  };

  const leaseFor = (device: ReturnType<typeof newDevice>, change: Partial<Leasable> = {}, at = NOW, leaseSeconds = 7 * DAY, user: User = MARA) => {
    const build = leaseBuilder(
      { tenant: TENANT, workspace: WORKSPACE, user, device: { jkt: device.jkt, enc: device.enc }, iat: at, leaseSeconds },
      {
        crypto: nodeCrypto,
        signer: issuer,
        seal,
        newId,
        locationKeys: (location) => [publicHalf(location === 'zurich' ? zurichKey : bernKey)],
      },
    );
    return build({ ...leasable, ...change });
  };
  /** the files as they are shown in an exchange: metadata opened by the device */
  const shownFiles = (device: ReturnType<typeof newDevice>, files: LeaseFiles): LeaseFiles => ({ ...files, metadata: device.unseal(files.metadata) ?? '' });

  const component = (role: Statement['role'], id: string, location?: string) => {
    const signer = componentSigner(newEd25519());
    const statement = stateThat(trustRole, { role, id, location, sign: signer.publicKey });
    return { id, role, location, signer, statement };
  };

  return {
    roots,
    trustRole,
    issuer,
    revoker,
    bundle,
    signedBundle,
    listToken,
    trustWith,
    leasable,
    leaseFor,
    shownFiles,
    component,
    locationKey: (location: 'zurich' | 'bern') => (location === 'zurich' ? zurichKey : bernKey),
    keyRing: (location: 'zurich' | 'bern') => {
      const key = location === 'zurich' ? zurichKey : bernKey;
      return { [thumbprint(publicHalf(key))]: unsealerFor(key) };
    },
  };
}
export type World = ReturnType<typeof newWorld>;

export function stateThat(
  trustRole: ReturnType<typeof componentSigner>,
  { role, id, location, sign, tls = sha256(id), iat = NOW - DAY, exp }: { role: Statement['role']; id: string; location?: string | undefined; sign: Ed25519Jwk; tls?: string; iat?: number; exp?: number },
): string {
  const claims: Statement = { role, id, ...(location !== undefined && { location }), keys: { tls, sign }, iat, exp: exp ?? iat + TIMES.statementSeconds };
  return trustRole.sign(TYP.statement, claims);
}

/** A bundle with one signature by each of the given root keys. */
export function signBundle(bundle: object, signers: readonly ReturnType<typeof componentSigner>[]): SignedRootBundle {
  const tokens = signers.map((signer) => signer.sign(TYP.rootBundle, bundle).split('.'));
  return { payload: tokens[0]?.[1] ?? '', signatures: tokens.map(([head = '', , signature = '']) => ({ protected: head, signature })) };
}

export function ticketClaims(device: { jkt: string }, change: Partial<Ticket> = {}): Ticket {
  return {
    jti: newId(), tenant: TENANT, aud: 'zurich-connector-1', location: 'zurich', cnf: { jkt: device.jkt }, user: MARA,
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' }, deliveryGroup: 'office', iat: NOW, exp: NOW + TIMES.ticketSeconds, ...change,
  };
}

export function grantClaims(device: { jkt: string }, change: Partial<Grant> = {}): Grant {
  return {
    jti: newId(), aud: 'zurich-host-1', location: 'zurich', session: newId(), cnf: { jkt: device.jkt }, user: MARA,
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' }, mode: 'lease', authorizedAt: NOW - DAY,
    correlationId: '7f3a91c2', iat: NOW, exp: NOW + TIMES.grantSeconds, ...change,
  };
}

export function proofClaims(change: Partial<Proof> = {}): Proof {
  return { aud: 'gateway-1', op: 'launch', nonce: 'n'.repeat(22), ekm: sha256('this connection'), digest: sha256('shown'), iat: NOW, ...change };
}

export function typed(signer: { sign(typ: string, claims: object): string }, typ: Typ, claims: object): string {
  return signer.sign(typ, claims);
}
