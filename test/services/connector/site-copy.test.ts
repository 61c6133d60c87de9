import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { SiteDocument } from '#protocol/site-document';
import { sha256 } from '#runtime/jose/primitives';
import { readSiteCopy, writeSiteCopy } from '../../../services/connector/site-copy.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-copy-'));
after(() => rm(folder, { recursive: true }));

const config = (name: string): SiteDocument => ({
  tenant: 'contoso',
  site: { id: 'contoso', name },
  feed: 'apps',
  continuity: { enabled: true, leaseDays: 7 },
  locations: [
    { id: 'zurich', name: 'Zurich', connectivity: 'both', connectors: [{ id: 'c1', address: { host: 'c1.example', port: 2598 } }] },
  ],
  gateways: [],
  deliveryGroups: [{ id: 'office', name: 'Office', leasing: true, revocation: 'best-effort' }],
  sessionHosts: [],
  resources: [],
});

test('B-R1 a newer copy takes the place of the older one, whole', async () => {
  assert.equal(readSiteCopy(folder), undefined);
  await writeSiteCopy(folder, sha256('1'), config('first'), 1_000);
  await writeSiteCopy(folder, sha256('2'), config('second'), 2_000);
  const copy = readSiteCopy(folder);
  assert.deepEqual([copy?.version, copy?.syncedAt, copy?.site.content.site.name], [sha256('2'), 2_000, 'second']);
  assert.deepEqual(await readdir(folder), ['site.sqlite']);
});

test('B-R1 what an interrupted sync left behind is not read and not in the way', async () => {
  await writeFile(join(folder, '.site.sqlite.tmp'), 'half a file');
  assert.equal(readSiteCopy(folder)?.site.content.site.name, 'second');
  await writeSiteCopy(folder, sha256('3'), config('third'), 3_000);
  assert.equal(readSiteCopy(folder)?.site.content.site.name, 'third');
});

test('a damaged copy is refused, not half used', async () => {
  await truncate(join(folder, 'site.sqlite'), 3_000);
  assert.throws(() => readSiteCopy(folder));
});
