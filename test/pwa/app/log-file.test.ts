/** "Download logs", with an extension that answers and one that does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppContext } from '../../../pwa/app/context.ts';
import { logFile } from '../../../pwa/app/log-file.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { stateWith } from '../app-state.ts';

async function saved(ask: () => Promise<unknown>) {
  const blobs: Blob[] = [];
  const revoked: string[] = [];
  const link = { href: '', download: '', clicked: 0, click: () => void link.clicked++ };
  Object.assign(globalThis, { document: { createElement: () => link } });
  URL.createObjectURL = (blob) => {
    assert.ok(blob instanceof Blob);
    return `blob:${blobs.push(blob)}`;
  };
  URL.revokeObjectURL = (url) => void revoked.push(url);
  const clock = handClock(Date.UTC(2030, 4, 2, 10, 5, 7));
  const model = openModel(stateWith({ is: 'online' }));
  const context = { model, clock, extension: { ask }, log: { say: () => {}, lines: ['one', 'two'] } };
  await logFile(context as unknown as AppContext);
  return { text: await blobs[0]?.text(), link, revoked, clock, said: model.state.said };
}

test('B-E8a the file has what extension, host and page have to say', async () => {
  const { text, link, said, revoked, clock } = await saved(async () => ({ text: 'all three' }));
  assert.deepEqual(
    [text, link.download, link.href, link.clicked, said],
    ['all three', 'holdfast-2030-05-02T10-05-07.log', 'blob:1', 1, 'Logs saved'],
  );
  clock.pass(59_999);
  assert.deepEqual(revoked, [], 'the browser may still be reading it');
  clock.pass(1);
  assert.deepEqual(revoked, ['blob:1']);
});

test('B-E9b without the extension it has the page’s own lines, and says so', async () => {
  const { text } = await saved(() => Promise.reject(new Error('no extension')));
  assert.equal(text, 'one\ntwo\nportal - extension and host gave no lines: Error: no extension');
});
