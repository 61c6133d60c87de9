/** Tests that notice: of the places where a source can be wrong, how many make a test fail. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EQUIVALENT } from './equivalent.ts';
import { lineOf, mutantsBelow, outdated, shareNoticed, tryMutants } from './mutation.ts';

/** All that decides is tried; of what carries decisions out so many a part, always the same. */
const PARTS: readonly { readonly part: string; readonly count?: number; readonly atLeast: number }[] = [
  { part: 'core', atLeast: 0.95 },
  ...['protocol', 'runtime', 'native-host', 'extension', 'pwa', 'services'].map((part) => ({ part, count: 60, atLeast: 0.85 })),
];
/** Two hours, milliseconds: on two calm cores it is one. */
const TIMEOUT_MS = 7_200_000;

describe('mutants', { timeout: TIMEOUT_MS }, () => {
  for (const { part, count, atLeast } of PARTS) {
    it(`${part}: at least ${atLeast * 100} % of ${count ?? 'all'} mutants are noticed`, { timeout: TIMEOUT_MS }, async (test) => {
      const tried = await tryMutants(mutantsBelow([part]), { ...(count !== undefined && { count }) });
      const survivors = tried.filter(({ came }) => came === 'survived').map(lineOf);
      const share = shareNoticed(tried);
      test.diagnostic(`${part}: ${(share * 100).toFixed(1)} % of ${tried.length} noticed\n${survivors.join('\n')}`);
      assert.ok(share >= atLeast, `${(share * 100).toFixed(1)} % are noticed. Nobody noticed:\n${survivors.join('\n')}`);
    });
  }

  it('every mutant that is listed as equivalent still exists', () => {
    assert.deepEqual(outdated(mutantsBelow([...new Set(EQUIVALENT.map(({ path }) => path))])), []);
  });
});
