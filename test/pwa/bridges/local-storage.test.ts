/** The few values that the first paint needs: kept, read back, and nothing where the browser keeps nothing. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { openLocalStorage } from '../../../pwa/bridges/local-storage.ts';
import { sessionOf } from '../people.ts';

let kept: Map<string, string>;
let refuses: boolean;
const checked = (): void => {
  if (refuses) throw new DOMException('no', 'SecurityError');
};
const storage = {
  getItem: (key: string) => {
    checked();
    return kept.get(key) ?? null;
  },
  setItem: (key: string, value: string) => {
    checked();
    kept.set(key, value);
  },
  removeItem: (key: string) => {
    checked();
    kept.delete(key);
  },
};
beforeEach(() => {
  kept = new Map();
  refuses = false;
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
});

const MARA = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');

describe('who was here last', () => {
  test('is read back without the session’s tokens', () => {
    const local = openLocalStorage();
    local.keepSession(MARA);
    assert.doesNotMatch([...kept.values()].join(), /csrf|deviceNonce|groups/u);
    const { user, workspace, feeds, continuity } = MARA;
    const { subject, name, upn } = user;
    assert.deepEqual(local.session(), { user: { subject, name, upn }, workspace, feeds, continuity });
    local.keepSession(undefined);
    assert.deepEqual([local.session(), kept.size], [undefined, 0]);
  });

  test('is nobody where what is kept is broken, or of another shape', () => {
    const local = openLocalStorage();
    for (const broken of ['{', '{"user":{}}', 'null']) {
      kept.set('holdfast:session', broken);
      assert.equal(local.session(), undefined);
    }
  });
});

describe('a person’s choices', () => {
  test('are kept; before there are any, the theme is the system’s and single keys are on', () => {
    const local = openLocalStorage();
    assert.deepEqual([local.theme(), local.singleKeys(), local.devicesSeen()], ['system', true, 0]);
    local.keepTheme('dark');
    local.keepSingleKeys(false);
    local.keepDevicesSeen(77);
    assert.deepEqual([local.theme(), local.singleKeys(), local.devicesSeen()], ['dark', false, 77]);
    local.keepSingleKeys(true);
    assert.equal(local.singleKeys(), true);
    kept.set('holdfast:theme', 'pink');
    kept.set('holdfast:devices', 'many');
    assert.deepEqual([local.theme(), local.devicesSeen()], ['system', 0]);
  });
});

test('each mark is kept until it is taken away', () => {
  const local = openLocalStorage();
  const marks: readonly (readonly [read: () => boolean, keep: (on: boolean) => void])[] = [
    [local.leaving, local.keepLeaving],
    [local.unsure, local.keepUnsure],
    [() => local.marked('mara-keller-1'), (on) => local.keepMarked('mara-keller-1', on)],
  ];
  for (const [read, keep] of marks) {
    assert.equal(read(), false);
    keep(true);
    assert.equal(read(), true);
    assert.equal(kept.size, 1, 'and no other one');
    keep(false);
    assert.deepEqual([read(), kept.size], [false, 0]);
  }
  local.keepMarked('mara-keller-1', true);
  assert.equal(local.marked('jon-brunner-1'), false);
});

test('B-W10e what a sign-out has done is taken once', () => {
  const local = openLocalStorage();
  local.keepSignedOut('removed');
  assert.deepEqual([local.takeSignedOut(), local.takeSignedOut()], ['removed', undefined]);
  kept.set('holdfast:signed-out', 'something');
  assert.deepEqual([local.takeSignedOut(), kept.size], [undefined, 0]);
});

test('a browser that keeps nothing is an empty one', () => {
  refuses = true;
  const local = openLocalStorage();
  local.keepSession(MARA);
  local.keepTheme('dark');
  assert.deepEqual([local.session(), local.theme(), local.leaving(), local.takeSignedOut()], [undefined, 'system', false, undefined]);
});
