/**
 * Makes the vectors anew: `node test/vectors/make.ts`. Each file is self-contained: the trust, and cases of
 * `{ name, now, ..., expect }` where `expect` is "ok" or the code (or fault) that the judgement must give.
 */
import { writeFileSync } from 'node:fs';
import { type Typ, TYP } from '#protocol/jose';
import type { Revocation, SignedRootBundle } from '#protocol/trust';
import { sha256, thumbprint } from '../../runtime/jose/primitives.ts';
import { seal } from '../seal.ts';
import { componentSigner, newEd25519, newP256, publicHalf } from '../../runtime/jose/sign.ts';
import { DAY, grantClaims, MARA, newDevice, newWorld, NOW, proofClaims, signBundle, stateThat, WORKSPACE, ticketClaims, typed } from './world.ts';

const world = newWorld();
const deviceKey = newP256();
const device = newDevice(deviceKey);
const thief = newDevice();
const stranger = componentSigner(newEd25519());

const block = (target: Revocation['target'], change: Partial<Revocation> = {}): Revocation => ({ target, from: NOW - 60, until: NOW + 2 * DAY, forget: NOW + 40 * DAY, ...change });
const save = (name: string, content: object) => writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(content, null, 1)}\n`);
const publicTrust = { rootBundle: world.signedBundle, pin: sha256(world.signedBundle.payload) };

/** The token with one character in the middle of one part changed. */
function flipped(token: string, part: number): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const at = text.length >> 1;
  parts[part] = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  return parts.join('.');
}

// Leases, as a gateway or connector judges them.
const good = world.leaseFor(device);
const shown = world.shownFiles(device, good.files);
const other = world.shownFiles(device, world.leaseFor(device, { resource: { feed: 'apps', id: 'mail', name: 'Mail', kind: 'app', protocol: 'rdp' } }).files);
const elder = world.shownFiles(device, world.leaseFor(device, {}, NOW - DAY).files);
const johns = world.shownFiles(device, world.leaseFor(device, {}, NOW, 7 * DAY, { ...MARA, subject: 'john-0123456789' }).files);
const thiefs = world.shownFiles(thief, world.leaseFor(thief).files);
const strict = world.shownFiles(device, world.leaseFor(device, { revocation: { mode: 'strict', maxStaleSeconds: 7 * DAY } }).files);
const forged = { ...shown, metadata: typed(stranger, TYP.metadata, JSON.parse(Buffer.from(shown.metadata.split('.')[1] ?? '', 'base64url').toString())) };
const metadata = JSON.parse(Buffer.from(shown.metadata.split('.')[1] ?? '', 'base64url').toString());
const resigned = (change: object, files = shown) => ({ ...files, metadata: typed(world.issuer, TYP.metadata, { ...metadata, ...change }) });
const reheaded = (change: object) => {
  const [head = '', payload, signature] = shown.metadata.split('.');
  const header = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(head, 'base64url').toString()), ...change })).toString('base64url');
  return { ...shown, metadata: [header, payload, signature].join('.') };
};
const lease = (name: string, expect: unknown, change: object = {}) => ({ name, now: NOW, jkt: device.jkt, location: 'zurich', files: shown, revocations: world.listToken(), ...change, expect });
save('leases', {
  trust: publicTrust,
  cases: [
    lease('a good lease', 'ok'),
    lease('a good lease at its second site', 'ok', { location: 'bern' }),
    lease('one minute before it ends', 'ok', { now: NOW + 7 * DAY - 60, revocations: world.listToken([], 1, NOW + 7 * DAY - 90) }),
    lease('ended, within the clock skew allowed', 'ok', { now: NOW + 7 * DAY + 299, revocations: world.listToken([], 1, NOW + 7 * DAY) }),
    lease('ended', 3006, { now: NOW + 7 * DAY + 301, revocations: world.listToken([], 1, NOW + 7 * DAY) }),
    lease('dated in the future', 3007, { now: NOW - 301, revocations: world.listToken([], 1, NOW - 400) }),
    lease('lasts longer than 30 days', 3007, { files: resigned({ exp: NOW + 31 * DAY }) }),
    lease('of another tenant', 3007, { files: resigned({ tenant: 'fabrikam' }) }),
    lease('names no location', 3003, { files: resigned({ locations: [] }) }),
    lease('asked of a location it does not name', 3021, { location: 'geneva' }),
    lease('shown by another device', 3020, { jkt: thief.jkt }),
    lease('signed by somebody who is not the issuer', 3007, { files: forged }),
    lease('metadata: a byte of the header changed', 3007, { files: { ...shown, metadata: flipped(shown.metadata, 0) } }),
    lease('metadata: a byte of the payload changed', 3007, { files: { ...shown, metadata: flipped(shown.metadata, 1) } }),
    lease('metadata: a byte of the signature changed', 3007, { files: { ...shown, metadata: flipped(shown.metadata, 2) } }),
    lease('metadata: empty', 3007, { files: { ...shown, metadata: '' } }),
    lease('metadata: algorithm "none"', 3007, { files: reheaded({ alg: 'none' }) }),
    lease('metadata: an embedded key', 3007, { files: reheaded({ jwk: stranger.publicKey }) }),
    lease('metadata: a critical header', 3007, { files: reheaded({ crit: ['exp'] }) }),
    lease('metadata: the type of a ticket', 3007, { files: reheaded({ typ: TYP.ticket }) }),
    lease('common file of another generation', 3007, { files: { ...shown, common: elder.common } }),
    lease('location file of another generation', 3007, { files: { ...shown, location: elder.location } }),
    lease('common file of another person', 3007, { files: { ...shown, common: johns.common } }),
    lease('common file of another device', 3007, { files: { ...shown, common: thiefs.common } }),
    lease('metadata of another device with our files', 3020, { files: { ...shown, metadata: thiefs.metadata } }),
    lease('files of another resource', 3007, { files: { metadata: shown.metadata, common: other.common, location: other.location.replace('"ey', '"eX') } }),
    lease('the person is blocked', 3022, { revocations: world.listToken([block({ kind: 'user', subject: MARA.subject })]) }),
    lease('the person was blocked, and the lease is from before the end of that', 3022, {
      revocations: world.listToken([block({ kind: 'user', subject: MARA.subject }, { from: NOW - 3 * DAY, until: NOW + 60 })]),
      now: NOW + 120,
    }),
    lease('the person was blocked, and the lease is from after the end of that', 'ok', {
      revocations: world.listToken([block({ kind: 'user', subject: MARA.subject }, { from: NOW - 3 * DAY, until: NOW - 60 })]),
    }),
    lease('somebody else is blocked', 'ok', { revocations: world.listToken([block({ kind: 'user', subject: 'john-0123456789' })]) }),
    lease('the device is blocked', 3022, { revocations: world.listToken([block({ kind: 'device', jkt: device.jkt })]) }),
    lease('the lease is blocked', 3022, { revocations: world.listToken([block({ kind: 'lease', lease: good.lease })]) }),
    lease('a block that had begun by the clock that signed the list', 3022, {
      revocations: world.listToken([block({ kind: 'user', subject: MARA.subject }, { from: NOW + 60 })], 1, NOW + 90),
    }),
    lease('a block that begins later', 'ok', { revocations: world.listToken([block({ kind: 'user', subject: MARA.subject }, { from: NOW + 60 })]) }),
    lease('no revocation list', 3020, { revocations: null }),
    lease('strict, with a list of 4 minutes', 'ok', { files: strict, revocations: world.listToken([], 1, NOW - 240) }),
    lease('strict, with a list of 6 minutes', 3020, { files: strict, revocations: world.listToken([], 1, NOW - 360) }),
    lease('strict, with a list dated 4 minutes ahead', 'ok', { files: strict, revocations: world.listToken([], 1, NOW + 240) }),
    lease('strict, with a list dated 6 minutes ahead', 3020, { files: strict, revocations: world.listToken([], 1, NOW + 360) }),
    lease('best effort, with a list dated 8 days ahead', 3020, { revocations: world.listToken([], 1, NOW + 8 * DAY) }),
    lease('best effort, with a list of 6 days', 'ok', { revocations: world.listToken([], 1, NOW - 6 * DAY) }),
    lease('best effort, with a list of 8 days', 3020, { revocations: world.listToken([], 1, NOW - 8 * DAY) }),
  ],
});

// Leases, as their own device opens them: `key` is the private key that the metadata is sealed to.
const owner = { workspace: WORKSPACE, subject: MARA.subject, jkt: device.jkt };
const heldLease = (name: string, expect: unknown, change: object = {}) => ({ name, now: NOW, key: deviceKey, owner, files: good.files, ...change, expect });
const withLocations = (locations: typeof world.leasable.locations) => ({ files: world.leaseFor(device, { locations }).files });
const resealed = (jws: string) => ({ files: { ...good.files, metadata: seal(jws, device.enc) } });
save('held-leases', {
  trust: publicTrust,
  cases: [
    heldLease('a good lease', 'ok'),
    heldLease('its last second', 'ok', { now: NOW + 7 * DAY }),
    heldLease('ended', 3006, { now: NOW + 7 * DAY + 1 }),
    heldLease('sealed to another device', 3002, { files: world.leaseFor(thief).files }),
    heldLease('metadata: a byte of the sealed content changed', 3002, { files: { ...good.files, metadata: flipped(good.files.metadata, 3) } }),
    heldLease('metadata: a byte of the tag changed', 3002, { files: { ...good.files, metadata: flipped(good.files.metadata, 4) } }),
    heldLease('metadata: not sealed at all', 3002, { files: { ...good.files, metadata: shown.metadata } }),
    heldLease('metadata: sealed to us by somebody who is not the issuer', 3007, resealed(forged.metadata)),
    heldLease('metadata: something else than a lease inside', 3007, resealed(world.issuer.sign(TYP.common, { lease: good.lease }))),
    heldLease('of another person', 3007, { files: world.leaseFor(device, {}, NOW, 7 * DAY, { ...MARA, subject: 'john-0123456789' }).files }),
    heldLease('of another Workspace', 3007, { owner: { ...owner, workspace: 'https://workspace.fabrikam.example' } }),
    heldLease('common file of another generation', 3007, { files: { ...good.files, common: elder.common } }),
    heldLease('location file of another generation', 3007, { files: { ...good.files, location: elder.location } }),
    heldLease('names no location', 3003, withLocations([])),
    heldLease('names locations without an address', 3004, withLocations(world.leasable.locations.map((one) => ({ ...one, connectors: [], gateways: [] })))),
  ],
});

// Leases, as a connector opens what only its site can read: `key` is the site's private key.
const opened = (name: string, expect: unknown, change: object = {}) => lease(name, expect, { key: world.locationKey('zurich'), ...change });
const sealedParts = (typ: Typ, claims: object) => JSON.stringify({ [thumbprint(publicHalf(world.locationKey('zurich')))]: seal(typed(world.issuer, typ, claims), publicHalf(world.locationKey('zurich'))) });
/** files that belong together by their digests, of which one says something else than the others */
const contradicting = (change: { common?: string; location?: string }) => {
  const files = { ...shown, ...change };
  return { files: resigned({ digests: { common: sha256(files.common), location: sha256(files.location) } }, files) };
};
const span = { iat: NOW, exp: NOW + 7 * DAY };
save('opened-leases', {
  trust: publicTrust,
  cases: [
    opened('a good lease', 'ok'),
    opened('at its second site', 'ok', { location: 'bern', key: world.locationKey('bern') }),
    opened('with the key of a location that it is not sealed to', 3004, { key: newP256() }),
    opened('its second site’s part at the first', 3007, { key: world.locationKey('bern') }),
    opened('the person is blocked by a group', 3022, { revocations: world.listToken([block({ kind: 'group', group: 'Finance' })]) }),
    opened('another group is blocked', 'ok', { revocations: world.listToken([block({ kind: 'group', group: 'Sales' })]) }),
    opened('common file: another person', 3007, contradicting({
      common: sealedParts(TYP.common, { user: { ...MARA, subject: 'john-0123456789' }, cnf: { jkt: device.jkt }, deliveryGroup: 'office', entitledBy: 'Finance', ...span }),
    })),
    opened('common file: another device', 3007, contradicting({
      common: sealedParts(TYP.common, { user: MARA, cnf: { jkt: thief.jkt }, deliveryGroup: 'office', entitledBy: 'Finance', ...span }),
    })),
    opened('location file: another site', 3007, contradicting({ location: sealedParts(TYP.location, { location: 'geneva', hostPool: 'office', ...span }) })),
    opened('location file: a common file’s content', 3007, contradicting({ location: shown.common })),
    opened('location file: not JSON', 3007, contradicting({ location: 'hello' })),
  ],
});

// Tickets, as their redeemer judges them.
const tickets = world.component('tickets', 'tickets-1');
const notTickets = world.component('workspace', 'workspace-1');
const ticket = (name: string, expect: unknown, claims: object = {}, change: object = {}) => ({
  name, now: NOW + 5, jkt: device.jkt, location: 'zurich', redeemer: { id: 'zurich-connector-1', startedAt: NOW - DAY },
  ticket: typed(tickets.signer, TYP.ticket, ticketClaims(device, claims)), statement: tickets.statement, revocations: world.listToken(), ...change, expect,
});
save('tickets', {
  trust: publicTrust,
  cases: [
    ticket('a good ticket', 'ok'),
    ticket('90 s old', 'ok', {}, { now: NOW + 90 }),
    ticket('91 s old', 'ticket_expired', {}, { now: NOW + 91 }),
    ticket('made by a clock that is 30 s ahead', 'ok', {}, { now: NOW - 30 }),
    ticket('dated in the future', 'ticket_expired', {}, { now: NOW - 31 }),
    ticket('lasts longer than 90 s', 3020, { exp: NOW + 91 }),
    ticket('for another redeemer', 3020, { aud: 'zurich-connector-2' }),
    ticket('for another site', 3021, { location: 'bern' }),
    ticket('of another device', 3020, {}, { jkt: thief.jkt }),
    ticket('of another tenant', 3020, { tenant: 'fabrikam' }),
    ticket('made before its redeemer started', 'ticket_expired', {}, { redeemer: { id: 'zurich-connector-1', startedAt: NOW + 1 } }),
    ticket('of a blocked group', 3022, {}, { revocations: world.listToken([block({ kind: 'group', group: 'Finance' })]) }),
    ticket('no revocation list', 3020, {}, { revocations: null }),
    ticket('made by a service that may not make tickets', 3020, {}, { statement: notTickets.statement, ticket: typed(notTickets.signer, TYP.ticket, ticketClaims(device)) }),
    ticket('signed by somebody else', 3020, {}, { ticket: typed(stranger, TYP.ticket, ticketClaims(device)) }),
    ticket('maker’s key withdrawn', 3020, {}, { revocations: world.listToken([block({ kind: 'key', kid: tickets.signer.kid })]) }),
    ticket('a byte changed', 3020, {}, { ticket: flipped(typed(tickets.signer, TYP.ticket, ticketClaims(device)), 1) }),
  ],
});

// Trust statements.
const key = componentSigner(newEd25519());
const stated = (change: object = {}) => stateThat(world.trustRole, { role: 'gateway', id: 'gateway-1', sign: key.publicKey, ...change });
const statement = (name: string, expect: unknown, token: string, expected: object = {}, change: object = {}) => ({
  name, now: NOW, token, expected: { roles: ['gateway', 'connector'], ...expected }, revocations: world.listToken(), ...change, expect,
});
save('statements', {
  trust: publicTrust,
  cases: [
    statement('a good statement', 'ok', stated(), { id: 'gateway-1', tls: sha256('gateway-1') }),
    statement('another role', 'role', stated({ role: 'workspace' })),
    statement('another component', 'id', stated(), { id: 'gateway-2' }),
    statement('another site', 'location', stated({ role: 'connector', id: 'bern-connector-1', location: 'bern' }), { location: 'zurich' }),
    statement('no site where one is needed', 'location', stated(), { location: 'zurich' }),
    statement('the TLS peer has another key', 'tls-key', stated(), { tls: sha256('somebody in the middle') }),
    statement('expired', 'expired', stated({ iat: NOW - 61 * DAY })),
    statement('dated in the future', 'not-yet', stated({ iat: NOW + DAY })),
    statement('lasts longer than 60 days', 'lifetime', stated({ exp: NOW + 60 * DAY })),
    statement('its key withdrawn', 'revoked', stated(), {}, { revocations: world.listToken([block({ kind: 'key', kid: key.kid })]) }),
    statement('signed by a key that the root does not name', 'unknown-key', stateThat(stranger, { role: 'gateway', id: 'gateway-1', sign: key.publicKey })),
    statement('a byte of the signature changed', 'signature', flipped(stated(), 2)),
    statement('not a token', 'malformed', 'hello'),
    statement('too large', 'too-large', `${'A'.repeat(70_000)}.A.A`),
    statement('a member that no statement has', 'claims', world.trustRole.sign(TYP.statement, { role: 'gateway', id: 'gateway-1', keys: { tls: sha256('gateway-1'), sign: key.publicKey }, admin: true, iat: NOW, exp: NOW + DAY })),
    statement('a lease in its place', 'header', shown.metadata),
  ],
});

// Grants, as a session host judges them.
const broker = world.component('broker', 'broker-1');
const connector = world.component('connector', 'zurich-connector-1', 'zurich');
const far = world.component('connector', 'bern-connector-1', 'bern');
const grant = (name: string, expect: unknown, claims: object = {}, change: object = {}, signer = broker) => ({
  name, now: NOW + 1, jkt: device.jkt, host: { id: 'zurich-host-1', location: 'zurich', startedAt: NOW },
  grant: typed(signer.signer, TYP.grant, grantClaims(device, claims)), statement: signer.statement, revocations: world.listToken(), ...change, expect,
});
save('grants', {
  trust: publicTrust,
  cases: [
    grant('signed by the broker', 'ok'),
    grant('signed by a connector of the site', 'ok', {}, {}, connector),
    grant('signed by a connector of another site', 3020, {}, {}, far),
    grant('signed by a service that does not broker', 3020, {}, {}, tickets),
    grant('signed by somebody else', 3020, {}, { grant: typed(stranger, TYP.grant, grantClaims(device)) }),
    grant('for another session host', 3020, { aud: 'zurich-host-2' }),
    grant('for another device', 3020, {}, { jkt: thief.jkt }),
    grant('too old', 3020, {}, { now: NOW + 91 }),
    grant('dated in the future', 3020, {}, { now: NOW - 31 }),
    grant('made before the session host started', 3020, {}, { host: { id: 'zurich-host-1', location: 'zurich', startedAt: NOW + 1 } }),
    grant('lasts longer than 60 s', 3020, { exp: NOW + 61 }),
    grant('the person is blocked since', 3022, {}, { revocations: world.listToken([block({ kind: 'user', subject: MARA.subject })]) }),
    grant('a group of the person is blocked since', 3022, {}, { revocations: world.listToken([block({ kind: 'group', group: 'Finance' })]) }),
    grant('the lease that it came from is blocked since', 3022, { lease: good.lease }, { revocations: world.listToken([block({ kind: 'lease', lease: good.lease })]) }),
    grant('signer’s key withdrawn', 3020, {}, { revocations: world.listToken([block({ kind: 'key', kid: broker.signer.kid })]) }),
    grant('no revocation list', 3020, {}, { revocations: null }),
    grant('a byte changed', 3020, {}, { grant: flipped(typed(broker.signer, TYP.grant, grantClaims(device)), 1) }),
  ],
});

// Proofs of possession.
const proof = (name: string, expect: unknown, claims: object = {}, demand: object = {}, signer: { sign(typ: string, claims: object): string } = device.signer) => ({
  name, key: device.signer.publicKey, token: signer.sign(TYP.proof, proofClaims(claims)),
  demand: { aud: 'gateway-1', op: 'launch', nonce: 'n'.repeat(22), ekm: sha256('this connection'), digest: sha256('shown'), now: NOW, ...demand }, expect,
});
save('proofs', {
  cases: [
    proof('a good proof', 'ok'),
    proof('the device’s clock is a year wrong', 'ok', { iat: NOW - 365 * DAY }),
    proof('for another server', 'audience', { aud: 'gateway-2' }),
    proof('for another operation', 'operation', { op: 'attach' }),
    proof('an earlier challenge', 'nonce', { nonce: 'm'.repeat(22) }),
    proof('another connection: TLS was opened in between', 'channel', { ekm: sha256('the other connection') }),
    proof('no channel where one is needed', 'channel', { ekm: undefined }),
    proof('for something else that is shown', 'digest', { digest: sha256('another') }),
    proof('by another key', 'signature', {}, {}, thief.signer),
    proof('over HTTP, with the clock an hour off', 'time', { ekm: undefined, iat: NOW - 3_600 }, { ekm: undefined }),
    { ...proof('not a token', 'unreadable'), token: 'A.B.C' },
  ],
});

// Revocation lists.
const list = (name: string, expect: unknown, token: string) => ({ name, token, expect });
save('revocation-lists', {
  trust: publicTrust,
  cases: [
    list('a good list', 'ok', world.listToken([block({ kind: 'user', subject: MARA.subject })], 7)),
    list('signed by the issuer', 'unknown-key', world.issuer.sign(TYP.revocations, { version: 9, iat: NOW, entries: [] })),
    list('not a token', 'malformed', 'hello'),
    list('a ticket in its place', 'header', world.revoker.sign(TYP.ticket, { version: 9, iat: NOW, entries: [] })),
    list('a byte changed', 'signature', flipped(world.listToken([], 7), 2)),
    list('an unknown kind of entry', 'claims', world.revoker.sign(TYP.revocations, { version: 9, iat: NOW, entries: [{ target: { kind: 'planet' }, from: 0, until: 0, forget: 0 }] })),
  ],
});

// Root bundles: from version 1 to its successor.
const next = { ...world.bundle, version: 2, roles: { ...world.bundle.roles, issuer: [...world.bundle.roles.issuer, stranger.publicKey] } };
const fresh = [newEd25519(), newEd25519(), newEd25519()].map(componentSigner);
const [r1, r2, r3] = world.roots;
const [f1, f2] = fresh;
if (!r1 || !r2 || !r3 || !f1 || !f2) throw new Error('three root keys are needed');
const moved = { ...next, rootKeys: fresh.map(({ publicKey }) => publicKey) };
const badlyFirst = (signed: SignedRootBundle) => {
  const [first] = signed.signatures;
  return { ...signed, signatures: [...(first === undefined ? [] : [{ ...first, signature: 'A'.repeat(86) }]), ...signed.signatures] };
};
const bundle = (name: string, expect: unknown, signed: object) => ({ name, signed, expect });
save('root-bundles', {
  trust: publicTrust,
  cases: [
    bundle('the successor, signed by two of three', 'ok', signBundle(next, [r1, r3])),
    bundle('new root keys, signed by two old and two new', 'ok', signBundle(moved, [r1, r2, f1, f2])),
    bundle('new root keys, signed by new ones only', 'not-signed-by-old', signBundle(moved, [f1, f2])),
    bundle('new root keys, signed by old ones only', 'not-signed-by-new', signBundle(moved, [r1, r2])),
    bundle('signed by one', 'not-signed-by-old', signBundle(next, [r1])),
    bundle('signed twice by one', 'not-signed-by-old', signBundle(next, [r1, r1])),
    bundle('signed by two, one of them badly at first', 'not-signed-by-old', badlyFirst(signBundle(next, [r1, r2]))),
    bundle('the same version again', 'not-next', signBundle({ ...next, version: 1 }, [r1, r2])),
    bundle('two versions ahead', 'not-next', signBundle({ ...next, version: 3 }, [r1, r2])),
    bundle('of another tenant', 'tenant', signBundle({ ...next, tenant: 'fabrikam' }, [r1, r2])),
    bundle('a threshold of none', 'malformed', signBundle({ ...next, threshold: 0 }, [r1, r2])),
    bundle('a threshold that the keys cannot reach', 'threshold', signBundle({ ...next, threshold: 4 }, [r1, r2, r3])),
    bundle('the same key listed twice to reach it', 'threshold', signBundle({ ...next, rootKeys: [r1.publicKey, r1.publicKey], threshold: 2 }, [r1, r2])),
    bundle('not a bundle', 'malformed', { ...signBundle(next, [r1, r2]), payload: 'bm90IGpzb24' }),
    bundle('a member that no bundle has', 'malformed', signBundle({ ...next, admin: r1.publicKey }, [r1, r2])),
    bundle('too large', 'too-large', { ...signBundle(next, [r1, r2]), payload: 'A'.repeat(70_000) }),
  ],
});

// The first root bundle, by its pin.
const first = (name: string, expect: unknown, signed: { payload: string }, pin = sha256(signed.payload)) => ({ name, signed, pin, expect });
save('pinned-bundles', {
  cases: [
    first('the pinned one', 'ok', world.signedBundle),
    first('another than the pinned one', 'pin', signBundle(next, [r1, r2]), sha256(world.signedBundle.payload)),
    first('pinned, and signed by one of its three', 'not-signed-by-new', signBundle(world.bundle, [r1])),
    first('pinned, with a threshold that its keys cannot reach', 'threshold', signBundle({ ...world.bundle, threshold: 4 }, [r1, r2, r3])),
    first('pinned, and not a bundle', 'malformed', { ...world.signedBundle, payload: 'bm90IGpzb24' }),
    first('pinned, and too large', 'too-large', { ...world.signedBundle, payload: 'A'.repeat(70_000) }),
  ],
});

// News: what is held after hearing it.
const successor = signBundle(next, [r1, r3]);
const third = signBundle({ ...next, version: 3 }, [r2, r3]);
const heir = componentSigner(newEd25519());
const heirs = signBundle({ ...world.bundle, version: 2, roles: { ...world.bundle.roles, revoker: [heir.publicKey] } }, [r1, r2]);
const news = (name: string, expect: unknown, heard: object[], revocations = world.listToken([], 5)) => ({ name, revocations, heard, expect });
save('news', {
  trust: publicTrust,
  cases: [
    news('nothing', 'root 1, list 5', []),
    news('the next root bundle', 'root 2, list 5', [{ rootBundles: [successor] }]),
    news('the next two, in order', 'root 3, list 5', [{ rootBundles: [successor, third] }]),
    news('the next but one alone', 'root 1, list 5', [{ rootBundles: [third] }]),
    news('a root bundle that was heard before', 'root 2, list 5', [{ rootBundles: [successor] }, { rootBundles: [successor] }]),
    news('a newer list', 'root 1, list 6', [{ revocations: world.listToken([], 6) }]),
    news('a newer list without an entry of the held one', 'root 1, list 5', [{ revocations: world.listToken([], 6) }], world.listToken([block({ kind: 'group', group: 'Finance' })], 5)),
    news('an older list', 'root 1, list 5', [{ revocations: world.listToken([], 4) }]),
    news('a newer list by somebody else', 'root 1, list 5', [{ revocations: stranger.sign(TYP.revocations, { version: 6, iat: NOW, entries: [] }) }]),
    news('a bad root bundle beside a newer list', 'root 1, list 6', [{ rootBundles: [third], revocations: world.listToken([], 6) }]),
    news('a list by the next bundle’s revoker, with that bundle', 'root 2, list 2', [
      { rootBundles: [heirs], revocations: heir.sign(TYP.revocations, { version: 2, iat: NOW, entries: [] }) },
    ]),
    news('a list by the next bundle’s revoker, without it', 'root 1, list 5', [{ revocations: heir.sign(TYP.revocations, { version: 6, iat: NOW, entries: [] }) }]),
    news('the revoker is dropped: its list counts as none', 'root 2, list 0', [{ rootBundles: [heirs] }]),
    news('the revoker is dropped: no list of its any more', 'root 2, list 0', [{ rootBundles: [heirs] }, { revocations: world.listToken([], 6) }]),
  ],
});
