/** Launches over a real field: PoP, connector, session host; a stand-in viewer that speaks over the session's socket. */
import assert from 'node:assert/strict';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Field, openField } from '../services/field.ts';
import { openDevice, OWNER, saveLeases, type TestDevice } from './device.ts';

/** A "viewer" that says one line and ends when it has heard it back. */
const VIEWER = `#!${process.execPath}
const { connect } = require('node:net');
const at = process.argv.find((arg) => arg.startsWith('/v:')).slice(3);
const socket = connect(at, () => socket.write('hello session host'));
socket.on('data', () => process.env.HOLDFAST_TEST_STAY ? undefined : socket.end());
socket.on('close', () => process.exit(0));
`;

let field: Field;
let device: TestDevice;
before(async () => {
  field = await openField();
  await field.settled();
  device = await openDevice();
  const viewer = join(device.home, 'viewer');
  await writeFile(viewer, VIEWER);
  await chmod(viewer, 0o700);
  device.host.config.viewers.rdp = viewer;
});
after(async () => {
  await device.end();
  await field.close();
});

test('B-N5, B-N6 opens a session by lease, directly, and leaves nothing behind', async () => {
  await saveLeases(device, field.world, [{ locations: [field.location] }]);
  const begun = device.host.launches.start({ owner: OWNER, resource: 'ledger', correlationId: 'aaaa0001' });
  const report = await begun.outcome;
  console.log(device.launches(), report);
  assert.equal(report.as, 'opened');
  await begun.ended;
  assert.deepEqual(await readdir(join(device.home, 'run')), []);
});
