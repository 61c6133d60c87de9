import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '#core/machines/login-watch-states';
import { withPart } from '../../../extension/prompt/model.ts';

const WORKSPACE = 'https://workspace.contoso.example';
const failed = (host: string): Reason => ({
  why: 'outage',
  evidence: { kind: 'tab', host, cause: 'server-error', status: 503, at: 1 },
});
const kindOf = (reason: Reason): string | undefined => (reason.why === 'outage' ? reason.evidence.kind : undefined);

test('a Workspace that answers with an error because its sign-in is down is not blamed for it', () => {
  const down = { state: 'identity-down', ms: 2 } as const;
  const own = failed('workspace.contoso.example');
  assert.equal(kindOf(withPart(own, WORKSPACE, down)), 'identity');
  assert.equal(kindOf(withPart(own, WORKSPACE, { state: 'live', ms: 2 })), 'tab');
  assert.equal(kindOf(withPart(failed('login.contoso.example'), WORKSPACE, down)), 'tab');
});
