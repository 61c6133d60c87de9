import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { openAuthority } from '../../../services/root-of-trust/authority.ts';
import { holdCeremony } from '../../../services/root-of-trust/ceremony.ts';
import { openRevocations } from '../../../services/root-of-trust/revocations.ts';
import { openStore } from '../../../services/root-of-trust/store.ts';
import { SILENT } from '../../log.ts';
import { testDatabase } from '../database.ts';
import { TENANT } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const START = 1_800_000_000;
const DAY = 86_400;
/** A block of one day is needed for the longest lease that was made before its end; then it stays for a day more. */
const OVER = START + (1 + 30 + 1) * DAY;

/** A list with one block of one day, and the root's clock. */
async function blocked(t: TestContext) {
  const { roleKeys } = await holdCeremony({ dir: join(await temporaryFolder(t), 'ceremony'), tenant: TENANT });
  const store = await openStore(await testDatabase(t), SILENT);
  t.after(() => store.close());
  const clock = { seconds: START };
  const revocations = await openRevocations(store, await openAuthority({ keys: roleKeys }), () => clock.seconds);
  const { signed } = await revocations.block([{ kind: 'group', group: 'Staff' }], 1);
  const entries = async () => {
    // It is signed anew at most every half minute.
    clock.seconds += 30;
    return (await revocations.fresh()).list.entries.length;
  };
  return { store, clock, revocations, signed, entries };
}

describe('B-L6j no single clock ends a block', () => {
  test('an entry is forgotten when the root’s clock and a component’s say that it is over', async (t) => {
    const { clock, revocations, entries } = await blocked(t);
    clock.seconds = OVER;
    assert.equal(await entries(), 1, 'nobody else has said what time it is');
    revocations.witness(OVER);
    assert.equal(await entries(), 1, 'it is not past yet');
    revocations.witness(OVER + 1);
    assert.equal(await entries(), 0);
  });

  test('a root whose clock is far ahead forgets nothing, and neither does one whose component’s clock is', async (t) => {
    const { clock, revocations, entries } = await blocked(t);
    revocations.witness(OVER + 365 * DAY);
    assert.equal(await entries(), 1);
    revocations.witness(START);
    clock.seconds = OVER + 365 * DAY;
    assert.equal(await entries(), 1);
  });

  test('an old list that somebody kept brings nothing back that is over, also right after a start', async (t) => {
    const { store, clock, revocations, signed } = await blocked(t);
    await store.sql.deleteFrom('root_block').execute();
    clock.seconds = OVER + 1;
    assert.equal(await revocations.takeBack(signed.token), undefined);
  });

  test('what a root has lost it takes back, whatever its own clock says', async (t) => {
    const { store, clock, revocations, signed, entries } = await blocked(t);
    await store.sql.deleteFrom('root_block').execute();
    clock.seconds = OVER + 365 * DAY;
    revocations.witness(START);
    assert.equal(await revocations.takeBack(signed.token), 1);
    assert.equal(await entries(), 1);
  });
});
