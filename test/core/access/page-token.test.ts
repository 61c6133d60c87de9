import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { PageToken } from '#protocol/workspace-api';
import { judgePageToken } from '../../../core/access/page-token.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { MARA, NOW, newWorld, TENANT, WORKSPACE } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const workspace = world.component('workspace', 'workspace-1');
const identity = world.component('identity', 'identity-1');
const TOKEN: PageToken = { aud: WORKSPACE, tenant: TENANT, sub: MARA.subject, name: MARA.name, challenge: 'c'.repeat(22), iat: NOW };

function judged(change: Partial<PageToken>, by = workspace, statement = by.statement) {
  const token = by.signer.sign(TYP.pageToken, { ...TOKEN, ...change });
  return judgePageToken(nodeCrypto, world.trustWith(), { token, statement }, WORKSPACE, NOW);
}

test('a page is the person’s whom a Workspace of this tenant names', () => {
  assert.deepEqual(judged({}), { ok: true, value: TOKEN });
  assert.equal(outcomeOf(judged({ aud: 'https://workspace.fabrikam.example' })), 'other-workspace');
  assert.equal(outcomeOf(judged({ tenant: 'fabrikam' })), 'other-workspace');
  assert.equal(outcomeOf(judged({}, identity)), 'role');
  assert.equal(outcomeOf(judged({}, identity, workspace.statement)), 'unknown-key');
});

test('a page token’s own time is not asked: the challenge makes it fresh', () => {
  assert.ok(judged({ iat: 0 }).ok);
});

test('no other token is a page token', () => {
  const token = workspace.signer.sign(TYP.health, TOKEN);
  const verdict = judgePageToken(nodeCrypto, world.trustWith(), { token, statement: workspace.statement }, WORKSPACE, NOW);
  assert.equal(outcomeOf(verdict), 'header');
});
