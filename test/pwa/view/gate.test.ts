/** What stands in place of the list, and what a person can do there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PortalState } from '#core/machines/portal-states';
import type { AppState } from '../../../pwa/app/model.ts';
import { type Gate, gateOf } from '../../../pwa/view/gate.ts';
import { SINCE, stateWith } from '../app-state.ts';

const OUTAGE = {
  is: 'offline',
  why: { by: 'outage', cause: 'refused' },
  since: SINCE,
  back: 'no',
  tried: undefined,
  retryAt: undefined,
  attempt: 1,
} as const;
const STARTING = { is: 'starting', from: 'anywhere' } as const;
const RECONNECTING = { is: 'reconnecting', from: 'offline', since: SINCE } as const;
const NOBODY = { known: undefined } as const;

const gate = (portal: PortalState, change: Partial<AppState> = {}): Gate | undefined => gateOf(stateWith(portal, change));

describe('the list of the person who was here last', () => {
  test('is shown in every state but the sign-in', () => {
    for (const portal of [STARTING, RECONNECTING, OUTAGE, { is: 'online' }, { is: 'degraded' }] as const)
      assert.equal(gate(portal), undefined);
    assert.notEqual(gate({ is: 'signing-in' }), undefined);
  });

  test('B-W3c is hidden while another one may come back from the sign-in, until that is known or the Workspace does not answer', () => {
    assert.equal(gate(STARTING, { unsure: true })?.title, 'Looking for the Workspace');
    assert.deepEqual(gate(RECONNECTING, { unsure: true })?.ways, ['reconnecting']);
    assert.equal(gate(OUTAGE, { unsure: true }), undefined);
    assert.equal(gate({ is: 'online' }, { unsure: true }), undefined);
  });
});

describe('a first visit', () => {
  test('B-W18 says in an outage what is needed, and offers to try again', () => {
    const { title, told, ways } = gate(OUTAGE, NOBODY) ?? { title: '', told: [], ways: [] };
    assert.equal(title, 'Your first sign-in needs the Workspace');
    assert.match(told[0] ?? '', /^The Workspace refused the connection at 10:42\. Nothing is saved for you in this browser yet/u);
    assert.deepEqual(ways, ['reconnect']);
    const choice = gate({ ...OUTAGE, why: { by: 'choice', outage: false } }, NOBODY);
    assert.match(choice?.told[0] ?? '', /^You are working offline\./u);
  });

  test('offers the sign-in once the Workspace is back', () => {
    assert.deepEqual(gate({ ...OUTAGE, back: 'sign-in' }, NOBODY)?.ways, ['sign-in']);
  });

  test('looks for the Workspace meanwhile', () => {
    assert.deepEqual([gate(STARTING, NOBODY)?.ways, gate(RECONNECTING, NOBODY)?.ways], [[], ['reconnecting']]);
    assert.equal(gate({ is: 'degraded' }, NOBODY), undefined);
  });
});

describe('at the sign-in', () => {
  test('B-W8a whoever has a list here may work offline with it', () => {
    assert.deepEqual(gate({ is: 'signing-in' }), {
      title: 'Sign in to your Workspace',
      told: ['The sign-in page opens. If it does not answer, your saved access still works offline.'],
      ways: ['sign-in', 'work-offline'],
    });
    assert.deepEqual(gate({ is: 'signing-in' }, NOBODY), {
      title: 'Sign in to your Workspace',
      told: ['The sign-in page opens.'],
      ways: ['sign-in'],
    });
  });

  test('B-W10e after a sign-out it is said what became of the saved access', () => {
    const said = (signedOut: NonNullable<AppState['signedOut']>) => gate({ is: 'signing-in' }, { ...NOBODY, signedOut });
    assert.equal(said('removed')?.title, 'You are signed out');
    assert.deepEqual(said('removed')?.told, ['Saved access was removed from this device.']);
    assert.match(said('kept')?.told[0] ?? '', /stays on this device/u);
    assert.match(said('nothing-saved')?.told[0] ?? '', /list was removed/u);
    assert.match(said('unanswered')?.told[0] ?? '', /may still be there/u);
  });

  test('a sign-out that is under way says so, and neither that nothing is published nor that nobody ever signed in', () => {
    for (const portal of [{ is: 'online' }, OUTAGE] as const)
      assert.deepEqual(gate(portal, { ...NOBODY, signedOut: 'under-way' }), {
        title: 'Signing out',
        told: ['This takes a moment.'],
        ways: [],
      });
  });

  test('B-W10e after a sign-out in an outage the same is said, and that access comes back with the Workspace', () => {
    assert.deepEqual(gate(OUTAGE, { ...NOBODY, signedOut: 'removed' }), {
      title: 'You are signed out',
      told: [
        'Saved access was removed from this device.',
        'The Workspace refused the connection at 10:42. Sign in again when the Workspace answers.',
      ],
      ways: ['reconnect'],
    });
  });
});
