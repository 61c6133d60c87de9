import assert from 'node:assert/strict';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, readSync } from 'node:fs';
import { readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import * as v from 'valibot';
import { PortalSettings } from '#protocol/site-document';
import { sha256 } from '#runtime/jose/primitives';
import { readSiteCopy, writeSiteCopy } from '#runtime/site/copy';
import { refusedWith } from '../../refused-with.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-copy-'));
after(() => rm(folder, { recursive: true }));

const write = (version: number, portal: object) =>
  writeSiteCopy(folder, PortalSettings, { version, digest: sha256(String(version)), document: { portal } }, version * 1_000);
const held = () => readSiteCopy(folder, PortalSettings);

describe('B-R1d a newer copy is there whole, or not at all', () => {
  test('a newer copy takes the place of the older one, whole, and is its owner’s alone', async () => {
    assert.equal(held(), undefined);
    await write(1, { name: 'first' });
    await write(2, { name: 'second' });
    const copy = held();
    assert.deepEqual([copy?.version, copy?.digest, copy?.takenAt, copy?.site.portal.name], [2, sha256('2'), 2_000, 'second']);
    assert.deepEqual(await readdir(folder), ['site.sqlite']);
    assert.equal((await stat(join(folder, 'site.sqlite'))).mode & 0o777, 0o600);
  });

  test('who reads the older copy while a newer one comes reads all of the older one', async () => {
    const reader = openSync(join(folder, 'site.sqlite'), 'r');
    try {
      const before = fstatSync(reader);
      const older = readFileSync(reader);
      await write(2, { name: 'second' });
      const there = await stat(join(folder, 'site.sqlite'));
      assert.notEqual(there.ino, before.ino);
      const again = Buffer.alloc(older.length);
      readSync(reader, again, 0, again.length, 0);
      assert.ok(again.equals(older));
    } finally {
      closeSync(reader);
    }
  });

  test('a newer one that fails half way leaves the older one as it was', async () => {
    const before = held();
    const unwritable = { toJSON: () => assert.fail('The disk is full.') };
    const failing = writeSiteCopy(folder, v.unknown(), { version: 9, digest: sha256('9'), document: unwritable }, 9_000);
    await assert.rejects(failing, /The disk is full/u);
    assert.deepEqual(held(), before);
  });

  test('what an interrupted sync left behind is not read and not in the way', async () => {
    await writeFile(join(folder, '.site.sqlite.tmp'), 'half a file');
    assert.equal(held()?.site.portal.name, 'second');
    await write(3, { name: 'third' });
    assert.equal(held()?.site.portal.name, 'third');
  });
});

test('what is no such document replaces nothing', async () => {
  await assert.rejects(write(4, { name: '' }), refusedWith('unavailable'));
  assert.equal(held()?.site.portal.name, 'third');
});

test('a damaged copy is refused, not half used', async () => {
  await truncate(join(folder, 'site.sqlite'), 3_000);
  assert.throws(held);
});
