/** A connector's part of the site document, from the copy on its own disk: the broker is away. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { AccessRules, type SiteDocument } from '#protocol/site-document';
import { sha256 } from '#runtime/jose/primitives';
import { openMetrics } from '#runtime/metrics/metrics';
import { writeSiteCopy } from '#runtime/site/copy';
import { readLocationPart } from '#runtime/site/reader';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { type Field, HERE, openField } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { NOW } from '../../vectors/world.ts';

let field: Field;
before(async () => {
  field = await openField({ connectors: 0, room: { sessions: undefined } });
});
after(() => field.close());

async function readerOf(t: TestContext, document: SiteDocument | undefined) {
  const dataDir = await temporaryFolder(t);
  if (document !== undefined) await writeSiteCopy(dataDir, AccessRules, { version: 7, digest: sha256('site'), document }, NOW * 1_000);
  const ending = new AbortController();
  t.after(() => ending.abort());
  const metrics = openMetrics();
  const told: string[] = [];
  const warned: string[] = [];
  const reader = readLocationPart('zurich', {
    component: await field.component('connector', 'zurich-connector-1', 'zurich'),
    broker: `https://${HERE}:9`,
    dataDir,
    signal: ending.signal,
    log: { ...SILENT, warn: (_fields, message) => void warned.push(message) },
    metrics,
    onChange: (site) => void told.push(site.content.site.id),
  });
  const { body } = await metrics.text();
  const measured = (what: string) =>
    Number(
      body
        .split('\n')
        .find((line) => line.startsWith(`holdfast_site_document_${what} `))
        ?.split(' ')[1],
    );
  return { reader, told, warned, measured };
}

test('the part on disk is used while the broker is away', async (t) => {
  const { reader, told, warned, measured } = await readerOf(t, field.site);
  assert.deepEqual(
    reader.current().content.sessionHosts.map(({ id }) => id),
    ['zurich-host-1'],
  );
  assert.deepEqual(told, ['contoso']);
  assert.deepEqual([measured('version'), measured('older')], [7, 0]);
  const age = Date.now() / 1_000 - NOW;
  assert.ok(measured('age_seconds') <= age && measured('age_seconds') > age - 60);
  await untilHolds(() => warned.length > 0);
  assert.match(warned[0] ?? '', /the last good one goes on being used/u);
  for (const { run } of reader.checks) assert.equal(await run(), undefined);
});

test('without a copy there is nothing to go by, and that is said', async (t) => {
  const { reader, told, measured } = await readerOf(t, undefined);
  assert.equal(reader.held(), undefined);
  assert.throws(() => reader.current(), refusedWith('unavailable'));
  assert.ok(refusedWith('unavailable')(await reader.checks[0]?.run()));
  assert.deepEqual(told, []);
  assert.deepEqual([measured('version'), measured('age_seconds')], [0, -1]);
});

test('a copy with anything of another location, from before a connector moved, is as good as none', async (t) => {
  const { locations, sessionHosts } = field.site;
  for (const foreign of [
    { locations: locations.map((one) => ({ ...one, id: 'bern' })), sessionHosts: [] },
    { sessionHosts: sessionHosts.map((one) => ({ ...one, location: 'bern' })) },
  ]) {
    const { reader } = await readerOf(t, { ...field.site, ...foreign });
    assert.equal(reader.held(), undefined);
  }
});
