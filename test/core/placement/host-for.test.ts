import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { publicationFor } from '#core/access/enumerate';
import { readSite } from '#core/access/site';
import { hostFor } from '#core/placement/host-for';
import type { RegisteredSessionHost } from '#core/placement/session-host';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';

const site = readSite(
  parse(SiteDocument, {
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    locations: ['zurich', 'bern'].map((id, n) => ({
      id,
      name: id,
      connectors: [{ id: `${id}-1`, address: { host: '127.0.0.1', port: n + 1 } }],
    })),
    gateways: [],
    deliveryGroups: [
      { id: 'office', name: 'Office' },
      { id: 'archive', name: 'Archive' },
    ],
    sessionHosts: [
      { id: 'host-1', location: 'zurich', deliveryGroup: 'office' },
      { id: 'host-2', location: 'zurich', deliveryGroup: 'archive' },
      { id: 'host-3', location: 'bern', deliveryGroup: 'office' },
    ],
    resources: [
      { id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp', deliveryGroups: ['office'], entitled: { groups: ['Staff'] } },
    ],
  }),
);

/** Which of these would get Mara's session in Zurich. */
function chosenOf(...hosts: readonly RegisteredSessionHost[]): string | number {
  const [resource] = site.content.resources;
  const published = resource && publicationFor(site, resource, { upn: 'mara@contoso.example', groups: ['Staff'] });
  assert.ok(published);
  const demand = { location: 'zurich', resource: { feed: 'apps', id: 'ledger' }, user: { subject: 'mara-mara' }, mode: 'ticket' } as const;
  const chosen = hostFor(site, published, demand, hosts);
  return chosen.ok ? chosen.value.id : chosen.why;
}
const registered = (id: string): RegisteredSessionHost => ({
  id,
  address: { host: '127.0.0.1', port: 1 },
  protocols: ['rdp'],
  sessions: [],
  maxSessions: 10,
  promised: 0,
});

describe('B-R5f a session host is chosen for what the site document says of it', () => {
  test('a session host serves the delivery group that the site document gives it, whatever it claims', () => {
    assert.equal(chosenOf(registered('host-1')), 'host-1');
    const rogue = { ...registered('host-2'), deliveryGroup: 'office', location: 'zurich', maxSessions: 1_000 };
    assert.equal(chosenOf(rogue), 3021);
  });

  test('a session host that the site document names elsewhere, or not at all, gets no session', () => {
    assert.equal(chosenOf(registered('host-3')), 3021);
    assert.equal(chosenOf(registered('host-9')), 3021);
  });
});
