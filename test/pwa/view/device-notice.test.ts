import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { deviceNoticeOf } from '../../../pwa/view/device-notice.ts';
import { sessionOf } from '../people.ts';

const AT = new Date(2026, 10, 20, 10, 42).getTime();
const SECONDS = AT / 1_000;
const [OWN, OTHER] = ['own'.padEnd(43, 'A'), 'strange1'.padEnd(43, 'B')];
const local = {
  session: () => undefined,
  unsure: () => false,
  devicesSeen: () => 0,
  theme: (): 'system' => 'system',
  singleKeys: () => true,
};

function noticeOf(newDevices: readonly { readonly jkt: string; readonly firstSeen: number }[], devicesSeen = 0) {
  const session = { ...sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example'), newDevices: [...newDevices] };
  return deviceNoticeOf({ ...initialState(local, AT + 60_000), session, ownDevice: OWN, devicesSeen });
}

describe('B-L9c a new device is told of on the others', () => {
  test('a person is told of a new device, since when, and whom to tell', () => {
    const [notice] = noticeOf([{ jkt: OTHER, firstSeen: SECONDS }]);
    assert.equal(notice?.title, 'A new device saves your access since 10:42');
    assert.equal(notice?.text, 'If you don’t know it, tell your service desk at once: strange1.');
  });

  test('not of this very device, nor on a new device of those before it, nor again what was put away', () => {
    assert.deepEqual(noticeOf([{ jkt: OWN, firstSeen: SECONDS }]), []);
    const before = [
      { jkt: OWN, firstSeen: SECONDS },
      { jkt: OTHER, firstSeen: SECONDS - 60 },
    ];
    assert.deepEqual(noticeOf(before), []);
    assert.deepEqual(noticeOf([{ jkt: OTHER, firstSeen: SECONDS }], SECONDS), []);
  });
});

test('before this device knows its own key nothing is said of it', () => {
  const session = {
    ...sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example'),
    newDevices: [{ jkt: OTHER, firstSeen: SECONDS }],
  };
  assert.deepEqual(deviceNoticeOf({ ...initialState(local, AT), session }), []);
});
