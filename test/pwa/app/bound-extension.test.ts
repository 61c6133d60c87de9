import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { bindingExtension } from '../../../pwa/app/bound-extension.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import type { Extension } from '../../../pwa/bridges/extension.ts';
import { refusedWith } from '../../refused-with.ts';
import { sessionOf } from '../people.ts';

const session = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');

/** A host that knows nobody until it is told; `says`: what the Workspace answers to its challenge. */
function page(signedIn: boolean, says: 'signed' | 'failed') {
  const model = openModel(
    initialState({ session: () => session, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true }, 0),
  );
  if (signedIn) model.set({ session });
  const asked: string[] = [];
  let bound = false;
  const replies: Record<string, () => unknown> = {
    challenge: () => ({ challenge: 'c'.repeat(22) }),
    bind: () => {
      bound = true;
      return { subject: session.user.subject };
    },
    sessions: () => ({ sessions: [] }),
  };
  const ask = (async (type: string) => {
    asked.push(type);
    if (!bound && type === 'sessions') throw new HoldfastError('not_signed_in', { reason: 'not-bound' });
    return replies[type]?.();
  }) as Extension['ask'];
  const never = (): Promise<never> => new Promise(() => {});
  const pageToken = async (challenge: string, csrf: string) => {
    asked.push(`token ${challenge === 'c'.repeat(22) && csrf === session.csrf}`);
    return says === 'signed'
      ? { is: 'signed' as const, signed: { token: 'a.b.c', statement: 'a.b.c' } }
      : { is: 'failed' as const, cause: 'network' as const };
  };
  const workspace = { session: never, feed: never, launch: never, device: never, signOut: never, pageToken };
  const extension: Extension = { present: true, arrives: Promise.resolve(), ask };
  return { asked, extension: bindingExtension({ model, workspace, extension, log: openLog(() => 0) }) };
}
const subject = session.user.subject;

test('a host that does not know the signed-in person is told by the Workspace’s word, once, and asked again', async () => {
  const { asked, extension } = page(true, 'signed');
  const both = await Promise.all([extension.ask('sessions', { subject }), extension.ask('sessions', { subject })]);
  assert.deepEqual(both, [{ sessions: [] }, { sessions: [] }]);
  assert.deepEqual(asked, ['sessions', 'sessions', 'challenge', 'token true', 'bind', 'sessions', 'sessions']);
  await extension.ask('sessions', { subject });
  assert.equal(asked.length, 8, 'known from then on');
});

test('nobody signed in: the refusal stands, and the Workspace is not asked', async () => {
  const { asked, extension } = page(false, 'signed');
  await assert.rejects(extension.ask('sessions', { subject }), refusedWith('not_signed_in'));
  assert.deepEqual(asked, ['sessions']);
});

test('a Workspace that does not answer leaves the refusal as it is', async () => {
  const { asked, extension } = page(true, 'failed');
  await assert.rejects(extension.ask('sessions', { subject }), refusedWith('not_signed_in'));
  assert.deepEqual(asked, ['sessions', 'challenge', 'token true']);
});
