import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { LeaseSet } from '#protocol/lease';
import type { PersonPart } from '#protocol/primitives';
import {
  digestWith,
  EMPTY_SET,
  hangsOnAny,
  isDecided,
  judgeLeaseSet,
  type ReceivedSet,
  type SetLine,
} from '../../../core/lease/lease-set.ts';
import { nodeCrypto, sha256 } from '../../../runtime/jose/primitives.ts';
import { MARA, NOW, newDevice, newWorld, TENANT, WORKSPACE } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const LEASE: SetLine = {
  type: 'lease',
  lease: 'a'.repeat(22),
  resource: { feed: 'apps', id: 'ledger' },
  metadata: 'a.b.c',
  common: sha256('common'),
  location: sha256('location'),
};
const NONE: SetLine = { type: 'unleased', resource: { feed: 'apps', id: 'payroll' }, reason: 'not-allowed' };
const digestOf = (...lines: SetLine[]) => lines.reduce((before, line) => digestWith(nodeCrypto, before, line), EMPTY_SET);

describe('the digest of a lease set', () => {
  const CHANGED: Readonly<Record<string, readonly SetLine[]>> = {
    'a lease less': [NONE],
    'a resource without a lease less': [LEASE],
    'another order': [NONE, LEASE],
    'a line twice': [LEASE, NONE, NONE],
    'another lease': [{ ...LEASE, lease: 'b'.repeat(22) }, NONE],
    'other metadata': [{ ...LEASE, metadata: 'a.b.d' }, NONE],
    'another common file': [{ ...LEASE, common: sha256('other') }, NONE],
    'another location file': [{ ...LEASE, location: sha256('other') }, NONE],
    'both files exchanged': [{ ...LEASE, common: LEASE.location, location: LEASE.common }, NONE],
    'another resource': [{ ...LEASE, resource: { feed: 'apps', id: 'mail' } }, NONE],
    'the resource of another feed': [{ ...LEASE, resource: { feed: 'other', id: 'ledger' } }, NONE],
    'another reason': [LEASE, { ...NONE, reason: 'blocked' }],
  };
  for (const [what, lines] of Object.entries(CHANGED)) {
    test(`is another with ${what}`, () => assert.notEqual(digestOf(...lines), digestOf(LEASE, NONE)));
  }

  test('is the same for the same lines, and empty without any', () => {
    assert.equal(digestOf({ ...LEASE }, { ...NONE }), digestOf(LEASE, NONE));
    assert.equal(digestOf(), '');
  });
});

test('only an administrator’s decision takes a lease away; the issuer’s own trouble does not', () => {
  const REASONS = ['not-allowed', 'blocked', 'too-large', 'no-connector', 'person-unknown'] as const;
  assert.deepEqual(
    REASONS.filter((reason) => isDecided({ reason })),
    ['not-allowed', 'blocked'],
  );
});

test('B-I2c a lease hangs on what is not known of the person, if it says so or does not say', () => {
  const CASES: readonly (readonly [hangsOn: PersonPart[] | undefined, unknown: readonly PersonPart[], hangs: boolean])[] = [
    [['groups'], ['groups'], true],
    [['groups'], ['name'], false],
    [['name', 'groups'], ['groups'], true],
    [[], ['name', 'groups'], false],
    [undefined, ['groups'], true],
    [undefined, [], false],
    [['groups'], [], false],
  ];
  for (const [hangsOn, unknown, hangs] of CASES)
    assert.equal(hangsOnAny({ hangsOn }, unknown), hangs, `${hangsOn?.join()} of ${unknown.join()}`);
});

describe('the end of a lease sync', () => {
  const world = newWorld();
  const device = newDevice();
  const received: ReceivedSet = {
    workspace: WORKSPACE,
    subject: MARA.subject,
    jkt: device.jkt,
    answers: sha256('this request'),
    digest: digestOf(LEASE, NONE),
  };
  const SET: LeaseSet = {
    tenant: TENANT,
    workspace: WORKSPACE,
    sub: MARA.subject,
    cnf: { jkt: device.jkt },
    answers: received.answers,
    leases: 1,
    digest: received.digest,
    unknown: [],
    deleteOnSignOut: true,
    iat: NOW,
  };
  const judged = (change: Partial<LeaseSet>, by = world.issuer) =>
    outcomeOf(judgeLeaseSet(nodeCrypto, world.trustWith(), by.sign(TYP.leaseSet, { ...SET, ...change }), received));

  const CASES: readonly (readonly [what: string, change: Partial<LeaseSet>, outcome: string])[] = [
    ['for these lines', {}, 'good'],
    ['of another tenant', { tenant: 'fabrikam' }, 'other-tenant'],
    ['of another Workspace', { workspace: 'https://workspace.fabrikam.example' }, 'other-owner'],
    ['of another person', { sub: 'john-0123456789' }, 'other-owner'],
    ['of another device', { cnf: { jkt: newDevice().jkt } }, 'other-owner'],
    ['in answer to an earlier request', { answers: sha256('an earlier request') }, 'other-request'],
    ['for other lines', { digest: digestOf(LEASE) }, 'other-lines'],
  ];
  for (const [what, change, outcome] of CASES) test(`${what}: ${outcome}`, () => assert.equal(judged(change), outcome));

  test('is the issuer’s to sign', () => assert.equal(judged({}, world.revoker), 'unknown-key'));
});
