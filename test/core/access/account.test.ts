import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accountOf } from '#core/access/account';
import { parse } from '#protocol/parse';
import { AccountMapping } from '#protocol/session-server';

const byTemplate: AccountMapping = { domain: 'contoso.example', template: '{upn.local}' };
const of = (upn: string, mapping: AccountMapping = byTemplate, id?: string) => accountOf(mapping, { upn, ...(id !== undefined && { id }) });

describe('B-R14b nobody’s account is another’s', () => {
  test('a person’s account is their own: by the name before the @, or by a table', () => {
    assert.equal(of('Mara.Keller@contoso.example'), 'mara.keller');
    assert.equal(of('mara@contoso.example', { domain: 'contoso.example', template: 'hf-{upn.local}-ts' }), 'hf-mara-ts');
    assert.equal(of('m@contoso.example'), 'm');
    assert.equal(of('Mara@contoso.example', { table: { 'mara@contoso.example': 'mk' } }), 'mk');
  });

  test('B-I8e a person’s account by their id stays theirs whatever they are called now, and is nobody’s by name', () => {
    for (const mapping of [{ table: { 'mara@contoso.example': 'old' } }, byTemplate]) {
      const withIds = { ...mapping, ids: { 'x-1': 'mk' } };
      assert.equal(of('mara@contoso.example', withIds, 'x-1'), 'mk');
      assert.equal(of('mara.new@fabrikam.example', withIds, 'x-1'), 'mk');
      assert.equal(of('x-1', withIds), undefined);
      assert.equal(of('otto@fabrikam.example', withIds, 'X-1'), undefined);
      assert.equal(of('otto@fabrikam.example', withIds, 'toString'), undefined);
    }
    assert.throws(() => parse(AccountMapping, { table: {}, ids: { 'x-1': 'root' } }, 'bad_config'), { code: 'bad_config' });
  });

  test('one name in two domains is two people: the other one has no account', () => {
    for (const upn of [
      'mara@fabrikam.example',
      'mara@sub.contoso.example',
      'mara@contoso.example@fabrikam.example',
      'mara',
      '@contoso.example',
      '',
    ])
      assert.equal(of(upn), undefined, upn);
    assert.equal(of('@contoso.example', { domain: 'contoso.example', template: 'hf-{upn.local}-ts' }), undefined);
    assert.equal(of('mara@fabrikam.example', { table: { 'mara@contoso.example': 'mk' } }), undefined);
  });

  test('a name that only looks like another, or like an option or a path, has no account', () => {
    const KELVIN = '\u212A';
    for (const local of [
      `${KELVIN}eller`,
      'mar\u0430',
      '-oProxyCommand=x',
      '../root',
      'a b',
      "a'b",
      'mara@x',
      'a'.repeat(40),
      '__proto__/..',
    ])
      assert.equal(of(`${local}@contoso.example`), undefined, local);
    assert.equal(of('toString', { table: {} }), undefined);
  });

  test('nobody’s session runs as root or in another account of the system', () => {
    for (const local of ['root', 'Root', 'daemon', 'www-data', 'postgres', 'sshd'])
      assert.equal(of(`${local}@contoso.example`), undefined, local);
    assert.throws(() => parse(AccountMapping, { table: { 'mara@contoso.example': 'root' } }, 'bad_config'), { code: 'bad_config' });
  });

  test('a template that gives everybody one account is no mapping', () => {
    assert.throws(() => parse(AccountMapping, { domain: 'contoso.example', template: 'kiosk' }, 'bad_config'), { code: 'bad_config' });
    assert.throws(() => parse(AccountMapping, { template: '{upn.local}' }, 'bad_config'), { code: 'bad_config' });
  });
});
