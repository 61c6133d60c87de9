import assert from 'node:assert/strict';
import test from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { SiteDocument } from '#protocol/site-document';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { readYaml } from '#runtime/service/yaml-file';
import { checkReferences } from '../../../services/broker/site-check.ts';

const GOOD = `tenant: test
site: { id: test, name: Test }
locations:
  - id: zurich
    name: Zurich
    connectors: [{ id: z-1, address: { host: 127.0.0.1, port: 2598 } }]
gateways: []
deliveryGroups:
  - { id: pool, name: Pool }
sessionHosts:
  - id: host-1
    location: zurich
    deliveryGroup: pool
resources:
  - id: terminal
    name: Terminal
    kind: app
    protocol: ssh
    deliveryGroups: [pool]
    entitled: { groups: [Staff] }
`;

function complaintOf(text: string): string {
  try {
    checkReferences(readYaml(SiteDocument, text, 'site.yaml'));
    return 'none';
  } catch (thrown) {
    assert.ok(thrown instanceof HoldfastError && thrown.code === 'bad_config');
    return thrownWords(thrown, everything).detail;
  }
}

test('a good site is taken', () => {
  assert.equal(complaintOf(GOOD), 'none');
});

test('an unknown reference is named with its line', () => {
  assert.match(complaintOf(GOOD.replace('location: zurich', 'location: bern')), /site\.yaml:12: there is no location "bern"/u);
  assert.match(
    complaintOf(GOOD.replace('deliveryGroups: [pool]', 'deliveryGroups: [pol]')),
    /site\.yaml:19: there is no deliveryGroup "pol"/u,
  );
});

test('an unknown assigned desktop is reported with its line, by name and by id', () => {
  for (const list of ['assigned: { mara@test.localhost: host-9 }', 'assignedIds: { x-1: host-9 }'])
    assert.match(complaintOf(`${GOOD}    ${list}\n`), /site\.yaml:21: there is no sessionHost "host-9"/u);
  assert.equal(complaintOf(`${GOOD}    assignedIds: { x-1: host-1 }\n`), 'none');
});

test('an id that is there twice is named with its line', () => {
  const twice = `${GOOD}  - id: terminal\n    name: Again\n    kind: app\n    protocol: ssh\n    deliveryGroups: [pool]\n    entitled: {}\n`;
  assert.match(complaintOf(twice), /site\.yaml:21: there is another resource "terminal" above/u);
});

test('a wrong value and a mistake of YAML are named with their line', () => {
  assert.match(complaintOf(GOOD.replace('kind: app', 'kind: game')), /site\.yaml:17: invalid field "resources\.0\.kind"/u);
  assert.match(complaintOf(GOOD.replace('name: Terminal', 'name: "Terminal')), /site\.yaml:\d+: /u);
});
