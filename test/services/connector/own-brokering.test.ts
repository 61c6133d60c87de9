import assert from 'node:assert/strict';
import test from 'node:test';
import type * as v from 'valibot';
import { readSite } from '#core/access/site';
import { openJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { Grant } from '#protocol/lease';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { nodeCrypto } from '#runtime/jose/primitives';
import { ownBroker } from '../../../services/connector/own-brokering.ts';
import type { Demand } from '../../../services/connector/redeem.ts';
import { refusedWith } from '../../refused-with.ts';
import { MARA, NOW, newWorld } from '../../vectors/world.ts';

const connector = newWorld().component('connector', 'zurich-1', 'zurich');
const PUBLISHED = { id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' } as const;
const RESOURCE = { feed: 'apps', ...PUBLISHED };
const DEMAND: Demand = {
  user: MARA,
  jkt: 'w'.repeat(43),
  resource: RESOURCE,
  mode: 'lease',
  lease: 'l'.repeat(22),
  authorizedAt: NOW - 60,
  correlationId: '7f3a91c2',
};

/** The connector's own broker with one free host in `office`, whose leasing is as told; its clock goes on by a second a look. */
function broker(leasing: boolean, continuity: v.InferInput<typeof SiteDocument>['continuity'] = {}) {
  const config = parse(SiteDocument, {
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    continuity,
    locations: [{ id: 'zurich', name: 'Zurich', connectors: [{ id: 'zurich-1', address: { host: '127.0.0.1', port: 1 } }] }],
    gateways: [],
    deliveryGroups: [{ id: 'office', name: 'Office', leasing }],
    sessionHosts: [{ id: 'host-1', location: 'zurich', deliveryGroup: 'office' }],
    resources: [{ ...PUBLISHED, deliveryGroups: ['office'], entitled: { groups: ['Finance'] } }],
  });
  const host = {
    id: 'host-1',
    address: { host: '127.0.0.1', port: 1 },
    protocols: ['rdp' as const],
    sessions: [],
    maxSessions: 10,
    promised: 0,
  };
  let clock = NOW;
  return ownBroker({
    component: { signer: connector.signer, statement: () => connector.statement },
    location: 'zurich',
    sessionHosts: { live: () => [host], promise() {} },
    site: () => readSite(config),
    now: () => clock++,
  });
}

test('a connector’s own grant says what was redeemed, for 60 s whenever the clock ticks', async () => {
  const { grant, sessionHost } = await broker(true)(DEMAND);
  const opened = openJws(nodeCrypto, grant, TYP.grant, Grant, [connector.signer.publicKey]);
  assert.ok(opened.ok);
  const { jti, session, ...said } = opened.value;
  assert.notEqual(jti, session);
  assert.equal(sessionHost, 'host-1');
  assert.deepEqual(said, {
    aud: 'host-1',
    location: 'zurich',
    cnf: { jkt: DEMAND.jkt },
    user: MARA,
    resource: RESOURCE,
    mode: 'lease',
    lease: DEMAND.lease,
    authorizedAt: NOW - 60,
    correlationId: '7f3a91c2',
    iat: NOW,
    exp: NOW + 60,
  });
});

test('a copy of one feed’s site opens nothing of another feed, whatever its id', async () => {
  const demand = { ...DEMAND, resource: { ...RESOURCE, feed: 'other' } };
  await assert.rejects(broker(true)(demand), refusedWith(3021));
});

test('in an outage too a lease opens nothing whose delivery group may not be leased, a ticket does', async () => {
  const refused = refusedWith(3022);
  await assert.rejects(broker(false)(DEMAND), refused);
  await assert.rejects(broker(true, { enabled: false })(DEMAND), refused);
  assert.equal((await broker(false)({ ...DEMAND, mode: 'ticket' })).sessionHost, 'host-1');
});
