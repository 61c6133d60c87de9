import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ErrorCode, HoldfastError } from '#protocol/errors';
import { type Broker, type Brokered, withFallback } from '../../../services/connector/brokering.ts';
import type { Demand } from '../../../services/connector/redeem.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { MARA } from '../../vectors/world.ts';

const DEMAND: Demand = {
  user: MARA,
  jkt: 'w'.repeat(43),
  resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
  mode: 'lease',
  authorizedAt: 0,
  correlationId: '7f3a91c2',
};
const by = (sessionHost: string): Brokered => ({ grant: 'a.b.c', statement: 'a.b.c', sessionHost });

function pair(answer: () => Promise<Brokered>) {
  const clock = { ms: 0 };
  const asked: string[] = [];
  const note =
    (name: string, then: Broker): Broker =>
    (demand) => {
      asked.push(name);
      return then(demand);
    };
  const broker = withFallback(
    note('cloud', answer),
    note('own', async () => by('own')),
    () => clock.ms,
    SILENT,
  );
  return { broker, clock, asked };
}
const refusing = (code: ErrorCode) => () => Promise.reject(new HoldfastError(code));

test('while the broker answers it is always asked', async () => {
  const { broker, asked } = pair(async () => by('cloud'));
  assert.deepEqual([(await broker(DEMAND)).sessionHost, (await broker(DEMAND)).sessionHost], ['cloud', 'cloud']);
  assert.deepEqual(asked, ['cloud', 'cloud']);
});

for (const code of ['unavailable', 'timeout', 'internal', 'untrusted_peer'] as const) {
  test(`when the broker fails with ${code}, the connector brokers itself, and asks again after 10 s`, async () => {
    const { broker, clock, asked } = pair(refusing(code));
    assert.equal((await broker(DEMAND)).sessionHost, 'own');
    clock.ms += 9_999;
    assert.equal((await broker(DEMAND)).sessionHost, 'own');
    clock.ms += 1;
    await broker(DEMAND);
    assert.deepEqual(asked, ['cloud', 'own', 'own', 'cloud', 'own']);
  });
}

for (const [said, told] of [
  ['not_entitled', 3022],
  ['blocked', 3022],
  ['not_found', 3021],
  ['forbidden_caller', 3021],
  ['too_many', 'too_many'],
  [3021, 3021],
] as const) {
  test(`the broker’s own refusal ${said} is final`, async () => {
    const { broker, asked } = pair(refusing(said));
    await assert.rejects(broker(DEMAND), refusedWith(told));
    assert.deepEqual(asked, ['cloud']);
  });
}

test('when it is time to try the broker again, one launch does and the others do not wait for it', async () => {
  let answer: () => Promise<Brokered> = refusing('timeout');
  const { broker, clock, asked } = pair(() => answer());
  await broker(DEMAND);
  clock.ms += 10_000;
  const { promise, resolve } = Promise.withResolvers<Brokered>();
  answer = () => promise;
  const trying = broker(DEMAND);
  assert.equal((await broker(DEMAND)).sessionHost, 'own');
  resolve(by('cloud'));
  assert.equal((await trying).sessionHost, 'cloud');
  assert.equal((await broker(DEMAND)).sessionHost, 'cloud');
  assert.deepEqual(asked, ['cloud', 'own', 'cloud', 'own', 'cloud']);
});

describe('B-R6e our own overload is no outage', () => {
  test('our own overload is no outage: with too many waiting for the broker a launch is refused for a moment, and the next one asks again', async () => {
    let answer: () => Promise<Brokered> = () =>
      Promise.reject(new HoldfastError('unavailable', { reason: 'saturated', service: 'broker' }));
    const { broker, asked } = pair(() => answer());
    await assert.rejects(broker(DEMAND), refusedWith('too_many'));
    answer = async () => by('cloud');
    assert.equal((await broker(DEMAND)).sessionHost, 'cloud');
    assert.deepEqual(asked, ['cloud', 'cloud']);
  });

  test('a broker too busy to answer one launch in time, while it grants others, is not taken for gone', async () => {
    const waiting = Promise.withResolvers<Brokered>();
    let answer: () => Promise<Brokered> = () => waiting.promise;
    const { broker, clock, asked } = pair(() => answer());
    const slow = broker(DEMAND);
    answer = async () => by('cloud');
    clock.ms += 10;
    await broker(DEMAND);
    clock.ms += 990;
    waiting.reject(new HoldfastError('timeout', { reason: 'service', service: 'broker' }));
    await assert.rejects(slow, refusedWith('too_many'));
    assert.equal((await broker(DEMAND)).sessionHost, 'cloud');
    assert.deepEqual(asked, ['cloud', 'cloud', 'cloud']);
  });
});
