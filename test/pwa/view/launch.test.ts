import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError, LAUNCH_ERRORS, toWireError, WireError } from '#protocol/errors';
import type { LaunchEvent } from '#protocol/host';
import { parse } from '#protocol/parse';
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { codeAlone } from '../../../pwa/view/error-words.ts';
import {
  beginLaunch,
  codeOf,
  failLaunch,
  handedOver,
  mendsByReconnect,
  remedies,
  sentence,
  stepLaunch,
  stepLine,
  stepsOf,
} from '../../../pwa/view/launch.ts';
import { wordsFor } from '../../../pwa/view/sentences.ts';
import { PUBLISHED } from '../people.ts';

const ID = '7f3a-91c2-0000';
const [resource] = PUBLISHED;
assert.ok(resource !== undefined);
const ledger = { key: 'apps/ledger', resource };
const event = (phase: LaunchEvent['phase'], mode: 'ticket' | 'lease', detail?: string): LaunchEvent => ({
  event: 'launch',
  workspace: 'https://workspace.example',
  subject: 'mara-keller-1',
  resource: { feed: 'apps', id: 'ledger' },
  correlationId: ID,
  phase,
  mode,
  ...(detail === undefined ? {} : { detail }),
});

test('a lease launch shows its five steps', () => {
  let view = beginLaunch(ledger, ID, 'lease', 0);
  view = stepLaunch(view, event('checking', 'lease'), 20);
  view = stepLaunch(view, event('choosing', 'lease', 'Zurich first, direct'), 140);
  assert.equal(stepLine(view), 'Step 3 of 5: choosing a location');
  assert.deepEqual(
    stepsOf(view, 540).map(({ words, state, detail, took }) => [words, state, detail, took]),
    [
      ['Saved access found', 'done', undefined, undefined],
      ['Checked on this device', 'done', undefined, 120],
      ['Choosing a location', 'now', 'Zurich first, direct', 400],
      ['Asking the location for a session', 'to-come', undefined, undefined],
      ['Opening the viewer', 'to-come', undefined, undefined],
    ],
  );
});

test('a ticket that fails goes on as a lease, and the panel says so', () => {
  let view = handedOver(beginLaunch(ledger, ID, 'asking', 0), 'ticket', ID, 50);
  view = stepLaunch(view, event('redeeming', 'ticket'), 60);
  assert.equal(stepsOf(view, 60).length, 4);
  view = stepLaunch(view, event('finding', 'lease'), 70);
  assert.equal(view.mode, 'lease');
  assert.equal(stepsOf(view, 70).length, 5);
});

test('B-N9e while the viewer asks the person, the panel says who waits for whom', () => {
  let view = beginLaunch(ledger, ID, 'lease', 0);
  view = stepLaunch(view, { ...event('opening', 'lease', 'TigerVNC'), asks: true }, 10);
  assert.equal(stepLine(view), 'The viewer is waiting for you to sign in');
  view = stepLaunch(view, event('opening', 'lease', 'TigerVNC'), 20);
  assert.equal(stepLine(view), 'Step 5 of 5: opening the viewer');
});

test('a launch has one end, and only its own events reach it', () => {
  const view = beginLaunch(ledger, ID, 'lease', 0);
  const open = stepLaunch(view, event('running', 'lease'), 10);
  assert.equal(open.end?.is, 'open');
  assert.equal(stepLaunch(open, event('choosing', 'lease'), 20), open);
  assert.equal(stepLaunch(view, { ...event('running', 'lease'), correlationId: 'ffff-ffff' }, 10), view);
  assert.equal(failLaunch(view, toWireError(new HoldfastError(3024))).end?.is, 'cancelled');
});

test('every launch code has its words, and what to do in steps', () => {
  for (const [code, entry] of Object.entries(LAUNCH_ERRORS)) {
    const error = parse(WireError, { code: Number(code) });
    const { says, remedy } = wordsOf(error, people);
    assert.equal(sentence(error, wordsFor), says);
    assert.equal(remedies(error, wordsFor).length, entry.mends.length, code);
    assert.equal(remedies(error, wordsFor).length, remedy === '' ? 0 : remedy.split('. ').length, code);
    assert.equal(mendsByReconnect(error), remedy.startsWith('Reconnect to Workspace.'), code);
  }
  assert.equal(codeOf(toWireError(new HoldfastError(3006))), '3006');
  assert.equal(codeOf(toWireError(new HoldfastError('missing_viewer'))), undefined);
});

test('a phase names what happens, not where: the place stands beside it, once', () => {
  let view = beginLaunch(ledger, ID, 'lease', 0);
  view = stepLaunch(view, event('opening', 'lease', 'Zurich, direct'), 20);
  assert.equal(stepLine(view), 'Step 5 of 5: opening the viewer');
  const last = stepsOf(view, 30).at(-1);
  assert.deepEqual([last?.words, last?.detail], ['Opening the viewer', 'Zurich, direct']);
});

test('a missing viewer is named, with who installs it', () => {
  const error = { code: 'missing_viewer', reason: 'rdp' } as const;
  assert.equal(sentence(error, wordsFor), 'No viewer for this kind of session is installed. It is shown by FreeRDP.');
  assert.equal(remedies(error, wordsFor)[0]?.what, 'Ask your service desk to install it, then try again.');
});

test('when something ended is said as people say it', () => {
  const at = new Date(2026, 0, 7, 15, 5).getTime() / 1_000;
  const words = sentence({ code: 3006, reason: 'ended', params: { at } }, wordsFor);
  assert.equal(words.replaceAll('\u00a0', ' '), 'Your saved access has ended. It ended Wed 7 Jan, 15:05.');
});

test('before the sentences are there, or where they are lost, an error still has its code', () => {
  assert.equal(sentence({ code: 3021 }, codeAlone), 'Error 3021.');
});
