import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cause } from '#protocol/causes';
import type { PromptModel } from '../../../extension/pages/messages.ts';
import { promptWords } from '../../../extension/prompt/words.ts';

const time = (): string => '10:42';
const prompt: PromptModel = {
  workspace: 'https://workspace.contoso.example',
  workspaceName: 'Contoso Workspace',
  reason: { why: 'timeout', host: 'login.contoso.example', seconds: 30 },
  saved: { known: 'yes', valid: 11, opens: 11, listed: 15 },
  back: false,
};
const outage = (kind: 'tab' | 'silent' | 'identity', host: string, cause: Cause): PromptModel => ({
  ...prompt,
  reason: { why: 'outage', evidence: { kind, host, cause, at: 1 } },
});

test('the prompt window’s variants', () => {
  const say = (model: PromptModel): string => `${promptWords(model, time).title} | ${promptWords(model, time).text}`;
  assert.equal(say(prompt), 'Still signing in? | <login.contoso.example> has not signed you in after <30 seconds>.');
  assert.equal(
    say(outage('tab', 'workspace.contoso.example', 'refused')),
    'The Workspace isn’t answering | At <10:42>, <workspace.contoso.example> refused the connection. There is no need to wait.',
  );
  assert.match(say(outage('tab', 'login.contoso.example', 'dns')), /^Sign-in isn’t answering/u);
  assert.equal(
    say(outage('tab', 'login.contoso.example', 'server-error')),
    'Sign-in isn’t working | At <10:42>, <login.contoso.example> answered with an error. There is no need to wait.',
  );
  assert.match(say(outage('tab', 'workspace.contoso.example', 'server-error')), /^The Workspace isn’t working/u);
  assert.match(
    say(outage('identity', 'workspace.contoso.example', 'unreachable')),
    /^Sign-in isn’t answering \| <workspace\.contoso\.example> says/u,
  );
  assert.match(
    say({ ...prompt, reason: { why: 'setting' } }),
    /^Sign in, or work offline\? \| The login timeout is off, so Holdfast asks/u,
  );
  assert.match(say({ ...prompt, back: true }), /^The Workspace answers again/u);
});

test('B-E2e "Try again" says that what was typed is lost, and a sign-in that only takes long can be kept', () => {
  assert.match(promptWords(prompt, time).again, /What you have typed there is lost\./u);
  assert.match(promptWords({ ...prompt, reason: { why: 'setting' } }, time).again, /is lost\./u);
  assert.match(promptWords(prompt, time).keep ?? '', /stays as it is/u);
  assert.equal(promptWords({ ...prompt, reason: { why: 'setting' } }, time).keep, null);
  assert.equal(promptWords(outage('tab', 'login.contoso.example', 'dns'), time).keep, null);
});

test('the window says for whom it asks, and never "Holdfast for Holdfast"', () => {
  const from = (workspaceName: string): string => promptWords({ ...prompt, workspaceName }, time).from;
  assert.equal(from('Contoso Workspace'), 'Holdfast for Contoso Workspace');
  assert.equal(from('Holdfast'), 'Holdfast');
  assert.equal(from('Contoso Holdfast'), 'Contoso Holdfast');
});

test('the prompt window offers offline mode as far as something can be there', () => {
  const way = (known: PromptModel['saved']): string | null => promptWords({ ...prompt, saved: known }, time).offline;
  assert.equal(way({ known: 'yes', valid: 11, opens: 9, listed: 15 }), 'With the access saved on this device, 9 of 15 resources open.');
  assert.match(way({ known: 'yes', valid: 11, opens: 0, listed: 15 }) ?? '', /nothing opens with it right now\.$/u);
  assert.equal(way({ known: 'yes', valid: 0, opens: 0, listed: 15 }), null);
  assert.match(way({ known: 'no-host' }) ?? '', /Opening needs the Holdfast host/u);
});
