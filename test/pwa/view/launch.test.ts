import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DimReason, Openable } from '#core/access/openable';
import { HoldfastError, LAUNCH_ERRORS, toWireError, WireError } from '#protocol/errors';
import type { FeedResource } from '#protocol/feed';
import type { LaunchEvent, LeaseState } from '#protocol/host';
import { parse } from '#protocol/parse';
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { codeAlone } from '../../../pwa/view/error-words.ts';
import {
  beginLaunch,
  codeOf,
  deniedByWorkspace,
  failLaunch,
  handedOver,
  type LaunchView,
  remedies,
  sentence,
  stepLaunch,
  stepLine,
  stepsOf,
  wayOn,
} from '../../../pwa/view/launch.ts';
import { wordsFor } from '../../../pwa/view/sentences.ts';
import { PUBLISHED } from '../people.ts';

const ID = '7f3a-91c2-0000';
const [resource] = PUBLISHED;
assert.ok(resource !== undefined);
const ledger = { key: 'apps/ledger', resource };
const lease: LeaseState = {
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  kind: 'app',
  protocol: 'rdp',
  state: 'valid',
  iat: 0,
  exp: 1,
  locations: ['zurich'],
};
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
    assert.equal(wayOn(error, undefined, true), remedy.startsWith('Reconnect to Workspace.') ? 'reconnect' : 'none', code);
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

describe('B-W11d after a failure the panel offers', () => {
  const opens: Openable = { can: 'open', by: 'workspace' };
  const not = (reason: DimReason): Openable => ({ can: 'not', reason });
  const error = { code: 3021, reason: 'full' } as const;
  const refusal = { resource: { feed: 'apps', id: 'ledger' }, location: 'zurich', name: 'Zurich', error, at: 0 };
  const location = { location: 'zurich', name: 'Zurich', state: 'unreachable' } as const;

  test('reconnecting, in an outage that it mends', () => {
    assert.equal(wayOn({ code: 3006 }, { opens }, true), 'reconnect');
    assert.equal(wayOn({ code: 3006 }, { opens }, false), 'again');
    assert.equal(wayOn({ code: 3021 }, { opens }, true), 'again');
  });

  test('B-W5g another try of what opens, or what a location refused or did not answer', () => {
    assert.equal(wayOn(error, { opens: not({ why: 'refused', refusal }) }, false), 'again');
    assert.equal(wayOn(error, { opens: not({ why: 'unreachable', location, lease }) }, false), 'again');
  });

  test('none of what does not open anyway', () => {
    assert.equal(wayOn(error, { opens: not({ why: 'no-lease' }) }, false), 'none');
    assert.equal(wayOn(error, { opens: { can: 'wait' } }, false), 'none');
    assert.equal(wayOn(error, undefined, false), 'none');
  });
});

describe('the words of a step', () => {
  const words = (view: LaunchView) => stepsOf(view, 0).map((step) => step.words);
  test('tell what goes on from what is done', () => {
    const asking = beginLaunch(ledger, ID, 'asking', 0);
    assert.equal(words(asking)[0], 'Asking the Workspace');
    assert.equal(words(stepLaunch(asking, event('choosing', 'ticket'), 1))[0], 'The Workspace agreed');
    const finding = beginLaunch(ledger, ID, 'lease', 0);
    assert.deepEqual(words(finding).slice(0, 2), ['Looking for saved access', 'Checked on this device']);
    assert.deepEqual(words(stepLaunch(finding, event('checking', 'lease'), 1)).slice(0, 2), [
      'Saved access found',
      'Checking on this device',
    ]);
  });

  test('name the viewer of the kind of session', () => {
    const last = (of: FeedResource) => words(beginLaunch({ key: 'x', resource: of }, ID, 'lease', 0)).at(-1);
    assert.equal(last(resource), 'Opening the viewer');
    assert.equal(last({ ...resource, protocol: 'ssh' } as FeedResource), 'Opening the terminal');
    assert.equal(last({ id: 'wiki', name: 'Wiki', kind: 'web', url: 'https://wiki.example' }), 'Opening the page');
  });
});

describe('how long a step took', () => {
  test('is said from a tenth of a second on', () => {
    let view = beginLaunch(ledger, ID, 'lease', 0);
    view = stepLaunch(view, event('checking', 'lease'), 99);
    view = stepLaunch(view, event('choosing', 'lease'), 199);
    assert.deepEqual(
      stepsOf(view, 199)
        .slice(0, 2)
        .map(({ took }) => took),
      [undefined, 100],
    );
  });

  test('ends with the next step that was entered, or with the open viewer', () => {
    let view = beginLaunch(ledger, ID, 'lease', 0);
    view = stepLaunch(view, event('redeeming', 'lease'), 1_000);
    view = stepLaunch(view, event('running', 'lease'), 3_000);
    assert.deepEqual(
      stepsOf(view, 9_000).map(({ state, took }) => [state, took]),
      [
        ['done', 1_000],
        ['done', undefined],
        ['done', undefined],
        ['done', 2_000],
        ['done', undefined],
      ],
    );
  });

  test('is nothing before it began, also where the clock was set back', () => {
    const view = beginLaunch(ledger, ID, 'lease', 5_000);
    assert.equal(stepsOf(view, 1_000)[0]?.took, undefined);
  });
});

test('the step that failed is marked, and those after it never came', () => {
  let view = beginLaunch(ledger, ID, 'lease', 0);
  view = stepLaunch(view, event('choosing', 'lease', 'Zurich'), 10);
  view = failLaunch(view, { code: 3021 });
  assert.deepEqual(
    stepsOf(view, 20).map(({ state, detail }) => [state, detail]),
    [
      ['done', undefined],
      ['done', undefined],
      ['failed', undefined],
      ['to-come', undefined],
      ['to-come', undefined],
    ],
  );
});

test('a launch that ended well before it was seen running is open', () => {
  const view = stepLaunch(beginLaunch(ledger, ID, 'lease', 0), event('ended', 'lease'), 10);
  assert.deepEqual(view.end, { is: 'open', session: undefined });
  const failed = stepLaunch(beginLaunch(ledger, ID, 'lease', 0), { ...event('ended', 'lease'), error: { code: 3021 } }, 10);
  assert.deepEqual(failed.end, { is: 'failed', error: { code: 3021 } });
});

test('a Workspace that does not answer hands over to the lease, one that agreed does not', () => {
  const asking = beginLaunch(ledger, ID, 'asking', 0);
  const byLease = handedOver(asking, 'lease', 'ffff-ffff', 50);
  assert.deepEqual([byLease.mode, byLease.phase, byLease.entered.finding, byLease.correlationId], ['lease', 'finding', 50, ID]);
  const ticket = handedOver(asking, 'ticket', 'ffff-ffff', 50);
  assert.deepEqual([ticket.mode, ticket.phase, ticket.correlationId], ['ticket', 'asking', 'ffff-ffff']);
});

test('a denial of the Workspace is told like the host’s own, with its reason and its ID', () => {
  assert.deepEqual(deniedByWorkspace({ code: 'blocked', correlationId: ID }), { code: 3022, reason: 'blocked', correlationId: ID });
  assert.equal(deniedByWorkspace({ code: 'not_entitled' }).reason, 'not-entitled');
  assert.equal(deniedByWorkspace({ code: 'forbidden_caller' }).reason, 'workspace');
});
