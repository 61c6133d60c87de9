/** The host's port with a clock and a browser of the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostPort, type HostPort } from '../../../extension/host/port.ts';
import { refusedWith } from '../../refused-with.ts';

interface Wire {
  readonly host: HostPort;
  readonly sent: { id: number; type: string; body: unknown }[];
  readonly events: unknown[];
  opened: number;
  closed: number;
  reply(body: unknown): void;
  message(message: unknown): void;
  breakOff(words: string): void;
  advance(ms: number): Promise<void>;
}

const HELLO = { host: 'test', v: 1, workspaces: [] };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function wire(): Wire {
  let now = 0;
  const timers = new Set<{ at: number; call: () => void }>();
  let toUs: (message: unknown) => void = () => {};
  let onClose: (words: string) => void = () => {};
  const events: unknown[] = [];
  const sent: Wire['sent'] = [];
  const host = createHostPort({
    extension: 'test',
    profile: 'p'.repeat(22),
    clock: {
      now: () => now,
      after(ms, call) {
        const timer = { at: now + ms, call };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    open(message, close) {
      made.opened += 1;
      [toUs, onClose] = [message, close];
      return { post: (message) => sent.push(message as Wire['sent'][number]), close: () => void made.closed++ };
    },
    onState: () => undefined,
    onHello: () => undefined,
    onEvent: (event) => events.push(event),
    log: () => undefined,
  });
  const made: Wire = {
    host,
    sent,
    events,
    opened: 0,
    closed: 0,
    reply: (body) => toUs({ v: 1, id: sent.at(-1)?.id, body }),
    message: (message) => toUs(message),
    breakOff: (words) => onClose(words),
    async advance(ms) {
      now += ms;
      for (const timer of [...timers].filter((one) => one.at <= now)) {
        timers.delete(timer);
        timer.call();
      }
      await settle();
    },
  };
  return made;
}

async function ready(): Promise<Wire> {
  const one = wire();
  one.host.hold();
  one.reply(HELLO);
  await settle();
  return one;
}

test('hello comes first, then requests are matched to their replies by id', async () => {
  const { host, sent, message } = await ready();
  assert.equal(sent[0]?.type, 'hello');
  const first = host.request('cancel', { workspace: 'https://a.example', subject: 'mara-0123456789', correlationId: '01234567' });
  const second = host.request('cancel', { workspace: 'https://a.example', subject: 'mara-0123456789', correlationId: '89abcdef' });
  await settle();
  message({ v: 1, id: sent[2]?.id, body: { cancelled: false } });
  message({ v: 1, id: sent[1]?.id, body: { cancelled: true } });
  assert.deepEqual(await Promise.all([first, second]), [{ cancelled: true }, { cancelled: false }]);
});

test('a refusal, a reply of another shape and silence each reject with their own code', async () => {
  const { host, sent, reply, message, advance } = await ready();
  const refused = host.request('sessions', { workspace: 'https://a.example', subject: 'mara-0123456789' });
  await settle();
  message({ v: 1, id: sent.at(-1)?.id, error: { code: 'forbidden_caller' } });
  await assert.rejects(refused, refusedWith('forbidden_caller'));
  const misshapen = host.request('sessions', { workspace: 'https://a.example', subject: 'mara-0123456789' });
  await settle();
  reply({ sessions: 'many' });
  await assert.rejects(misshapen, refusedWith('host_version'));
  const silent = host.request('sessions', { workspace: 'https://a.example', subject: 'mara-0123456789' });
  await settle();
  const late = assert.rejects(silent, refusedWith('timeout'));
  await advance(8_000);
  await late;
});

test('missing, forbidden and crashed hosts are told apart by the browser’s words', async () => {
  const cases = {
    'Specified native messaging host not found.': ['missing', 'host_missing'],
    'No such native application org.holdfast.host': ['missing', 'host_missing'],
    'Access to the specified native messaging host is forbidden.': ['forbidden', 'forbidden_caller'],
    'Native host has exited.': ['crashed', 'host_crashed'],
    'Error when communicating with the native messaging host.': ['crashed', 'host_crashed'],
    '': ['crashed', 'host_crashed'],
  } as const;
  for (const [words, [state, code]] of Object.entries(cases)) {
    const { host, breakOff } = wire();
    host.hold();
    breakOff(words);
    await settle();
    assert.equal(host.state().state, state, words);
    await assert.rejects(host.request('logs', {}), refusedWith(code));
  }
});

test('B-N15b a host more than one version away is named, one version is not', async () => {
  for (const [v, state] of [
    [1, 'ready'],
    [2, 'ready'],
    [3, 'version'],
  ] as const) {
    const one = wire();
    one.host.hold();
    one.reply({ ...HELLO, v });
    await settle();
    assert.equal(one.host.state().state, state);
  }
});

/** The host stops; how long until its port is opened again. */
async function pauseAfterBreak(one: Wire): Promise<number> {
  one.breakOff('Native host has exited.');
  await settle();
  const before = one.opened;
  for (let waited = 500; waited <= 60_000; waited += 500) {
    await one.advance(500);
    if (one.opened > before) return waited;
  }
  return assert.fail('never opened again');
}

test('B-E14c a broken port is opened again with growing pauses up to 60 s, and not for nobody', async () => {
  const one = wire();
  const release = one.host.hold();
  const pauses: number[] = [];
  for (let round = 0; round < 9; round += 1) pauses.push(await pauseAfterBreak(one));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  one.breakOff('Native host has exited.');
  release();
  const before = one.opened;
  await one.advance(120_000);
  assert.equal(one.opened, before);
});

for (const [openFor, pauses] of [
  [29_500, [4_000, 8_000]],
  [30_000, [1_000, 1_000, 2_000]],
] as const) {
  test(`B-E14c a host that answered for ${openFor} ms before it stopped is waited for ${pauses[0]} ms`, async () => {
    const one = wire();
    one.host.hold();
    assert.deepEqual([await pauseAfterBreak(one), await pauseAfterBreak(one)], [1_000, 2_000]);
    one.reply(HELLO);
    await settle();
    await one.advance(openFor);
    for (const pause of pauses) assert.equal(await pauseAfterBreak(one), pause);
  });
}

test('B-E14c a host of another version is looked at again with growing pauses, too, and its port is closed', async () => {
  const one = wire();
  one.host.hold();
  const pauses: number[] = [];
  for (let round = 1; round <= 3; round += 1) {
    one.reply({ ...HELLO, v: 9 });
    await settle();
    assert.deepEqual([one.host.state().state, one.closed], ['version', round]);
    for (let waited = 500; one.opened === round; waited += 500) {
      assert.ok(waited <= 60_000);
      await one.advance(500);
      pauses[round - 1] = waited;
    }
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000]);
});

test('the port stays open for a page whose predecessor in the tab lets go later', async () => {
  const one = wire();
  const predecessor = one.host.hold();
  one.reply(HELLO);
  await settle();
  one.host.hold();
  predecessor();
  predecessor();
  await one.advance(60_000);
  assert.equal(one.host.state().state, 'ready');
});

test('requests under way when the host stops are refused', async () => {
  const { host, breakOff } = await ready();
  const waiting = host.request('sessions', { workspace: 'https://a.example', subject: 'mara-0123456789' });
  await settle();
  breakOff('Native host has exited.');
  await assert.rejects(waiting, refusedWith('host_crashed'));
});

test('events are passed on, what is not understood is left alone', async () => {
  const { events, message } = await ready();
  const event = { event: 'sync', workspace: 'https://a.example', subject: 'abcdefgh', status: { state: 'running' } };
  message(event);
  message({ event: 'unheard-of' });
  message('noise');
  assert.deepEqual(events, [event]);
});

test('a port that is let go of while it is being opened leaves no attempt that never ends', async () => {
  const one = wire();
  const release = one.host.hold();
  one.reply(HELLO);
  await settle();
  release();
  await one.advance(19_000);
  one.breakOff('Native host has exited.');
  const looking = one.host.look();
  assert.equal(one.opened, 2);
  // The last holder's 20 s are over; the hello that was sent has its own 8 s.
  await one.advance(1_000);
  await one.advance(8_000);
  void one.host.look();
  assert.equal(one.opened, 3);
  assert.equal((await looking).state, 'closed');
});
