import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { thrownWords, wholeLine } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { openIssuerKey } from '../../../services/lease-issuer/issuer-key.ts';
import { holdCeremony } from '../../../services/root-of-trust/ceremony.ts';
import { readBundle } from '../../../services/root-of-trust/ceremony-folder.ts';
import { SILENT } from '../../log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('an issuer’s key that the root bundle does not name says which command mends that, and so does an expired bundle', async (t) => {
  const dir = join(await temporaryFolder(t), 'root');
  const { roleKeys } = await holdCeremony({ dir, tenant: 'test' });
  const { signed, bundle } = await readBundle(join(dir, 'bundles'), 'root.1.json');
  const saysOf = async (key: string, exp = bundle.exp) => {
    const trust = () => ({ bundle: { ...bundle, exp }, signedBundle: signed, history: [signed] });
    const complaint = (await openIssuerKey(key, { trust, onTrust: () => {} }, SILENT)).complaint();
    return complaint === undefined ? undefined : wholeLine(thrownWords(complaint, everything));
  };
  assert.equal(await saysOf(roleKeys.issuer), undefined);
  assert.match((await saysOf(roleKeys.trust)) ?? '', /doesn’t name the key in .*trust\.json\. .*`holdfast root rotate`/u);
  assert.match((await saysOf(roleKeys.issuer, 1)) ?? '', /expired.*`holdfast root rotate`/u);
});
