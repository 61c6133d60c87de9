import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { refusedWith } from '../refused-with.ts';

const leaseDaysOf = (continuity: object) =>
  parse(SiteDocument, {
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    continuity,
    locations: [{ id: 'zurich', name: 'Zurich', connectors: [{ id: 'zurich-1', address: { host: '127.0.0.1', port: 1 } }] }],
    gateways: [],
    deliveryGroups: [{ id: 'office', name: 'Office' }],
    sessionHosts: [],
    resources: [],
  }).continuity.leaseDays;

test('B-L1b a lease period is of 1 to 30 days, 7 where the site says nothing', () => {
  assert.equal(leaseDaysOf({}), 7);
  for (const leaseDays of [1, 30]) assert.equal(leaseDaysOf({ leaseDays }), leaseDays);
  for (const leaseDays of [0, 31, 1.5, '7']) assert.throws(() => leaseDaysOf({ leaseDays }), refusedWith('bad_request'));
});
