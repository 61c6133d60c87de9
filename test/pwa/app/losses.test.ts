import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaunchEvent, Reachability, RunningSession } from '#protocol/host';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { driveLosses } from '../../../pwa/app/losses.ts';
import { openModel } from '../../../pwa/app/model.ts';

const AT = 1_800_000_000_000;
const local = {
  session: () => undefined,
  unsure: () => false,
  devicesSeen: () => 0,
  theme: (): 'system' => 'system',
  singleKeys: () => true,
};
const session = (id: string, correlationId: string): RunningSession => ({
  session: id.padEnd(22, 'A'),
  resource: { feed: 'apps', id },
  name: id,
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'gateway',
  mode: 'ticket',
  since: AT - 60_000,
  viewer: 'FreeRDP',
  correlationId,
});
const [LEDGER, MAIL] = [session('ledger', '7f3a91c2'), session('mail', '7f3a91c3')];
const zurich = (state: Reachability['state']): Reachability => ({ location: 'zurich', name: 'Zurich', state });

function portal() {
  const clock = { at: AT, sinceNavigation: () => 0, chance: () => 0, after: () => () => {}, every: () => {}, now: () => clock.at };
  const model = openModel({
    ...initialState(local, AT),
    sessions: [LEDGER, MAIL],
    reachability: new Map([['zurich', zurich('reachable')]]),
  });
  const told = () => {
    const loss = model.state.losses.byLocation.get('zurich');
    return loss === undefined ? undefined : [loss.is, loss.at - AT, ...loss.ended.map(({ name }) => name)];
  };
  return { clock, model, losses: driveLosses({ model, clock }), told };
}
const ended = ({ correlationId, resource }: RunningSession, error?: LaunchEvent['error']): LaunchEvent => ({
  event: 'launch',
  workspace: 'https://workspace.example',
  subject: 'mara-keller-1',
  resource,
  correlationId,
  phase: 'ended',
  mode: 'ticket',
  ...(error !== undefined && { error }),
});

test('sessions that vanish, cut or not, are told together with their location once it is found silent', () => {
  const { clock, model, losses, told } = portal();
  losses.ended(ended(LEDGER, { code: 3023 }));
  assert.deepEqual(told(), ['sessions', 0, 'ledger']);
  clock.at += 500;
  losses.listed([]);
  model.set({ sessions: [] });
  clock.at += 3_000;
  losses.found([zurich('unreachable')]);
  assert.deepEqual(told(), ['silent', 0, 'ledger', 'mail']);
});

test('B-W22c a session that ended in the ordinary way is not told', () => {
  const { losses, told } = portal();
  losses.ended(ended(LEDGER));
  losses.listed([MAIL]);
  losses.found([zurich('reachable')]);
  assert.equal(told(), undefined);
});

test('what was put away is gone, and the model hears of nothing that did not change', () => {
  const { model, losses, told } = portal();
  losses.ended(ended(LEDGER, { code: 3023 }));
  losses.putAway('zurich');
  assert.equal(told(), undefined);
  const before = model.state.losses;
  losses.listed([LEDGER, MAIL]);
  assert.equal(model.state.losses, before);
});
