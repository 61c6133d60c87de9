import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/language';
import { SILENT } from '#runtime/log/log';
import { openSiteFile } from '../../../services/broker/site-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

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

async function complaintOf(t: TestContext, text: string): Promise<string> {
  const file = join(await temporaryFolder(t), 'site.yaml');
  await writeFile(file, text);
  try {
    openSiteFile(file, { log: SILENT, signal: t.signal });
    return 'none';
  } catch (thrown) {
    assert.ok(thrown instanceof HoldfastError && thrown.code === 'bad_config');
    return thrownWords(thrown, everything).detail;
  }
}

test('a good site is taken', async (t) => {
  assert.equal(await complaintOf(t, GOOD), 'none');
});

test('an unknown reference is named with its line', async (t) => {
  assert.match(await complaintOf(t, GOOD.replace('location: zurich', 'location: bern')), /site\.yaml:12: there is no location "bern"/u);
  assert.match(
    await complaintOf(t, GOOD.replace('deliveryGroups: [pool]', 'deliveryGroups: [pol]')),
    /site\.yaml:19: there is no deliveryGroup "pol"/u,
  );
});

test('an id that is there twice is named with its line', async (t) => {
  const twice = `${GOOD}  - id: terminal\n    name: Again\n    kind: app\n    protocol: ssh\n    deliveryGroups: [pool]\n    entitled: {}\n`;
  assert.match(await complaintOf(t, twice), /site\.yaml:21: there is another resource "terminal" above/u);
});

test('a wrong value and a mistake of YAML are named with their line', async (t) => {
  assert.match(await complaintOf(t, GOOD.replace('kind: app', 'kind: game')), /site\.yaml:17: invalid field "resources\.0\.kind"/u);
  assert.match(await complaintOf(t, GOOD.replace('name: Terminal', 'name: "Terminal')), /site\.yaml:\d+: /u);
});
