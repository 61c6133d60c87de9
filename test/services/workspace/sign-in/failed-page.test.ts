import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import pino from 'pino';
import { HoldfastError } from '#protocol/errors';
import { failedSignIn } from '../../../../services/workspace/sign-in/failed-page.ts';

/** The page of a failure; `log` hears of a bug, `lines` of all that anybody can cause. */
async function pageOf(thrown: unknown, log = pino({ enabled: false }), lines = log): Promise<string> {
  const app = fastify();
  const never = (): never => assert.fail('The page needs no site document.');
  const site = { current: never, held: () => undefined, checks: [] };
  const world = { site, log, linesOf: () => lines, sourceOf: () => '192.0.2.1' };
  app.get('/', (request, reply) => failedSignIn(world, thrown, { request, reply, next: '/' }));
  const { body } = await app.inject('/');
  await app.close();
  return body
    .replaceAll(/<style.*?<\/style>/gsu, '')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');
}

test('a failed sign-in names the part that failed: the provider, or what the Workspace itself lacks', async () => {
  assert.match(
    await pageOf(new HoldfastError('unavailable', { reason: 'identity-provider' })),
    /Sign-in isn’t answering Apps and desktops with/u,
  );
  const database = await pageOf(new HoldfastError('unavailable', { reason: 'database' }));
  assert.match(database, /The Workspace can’t sign you in now Its database didn’t answer\. Apps and desktops with saved access/u);
  assert.doesNotMatch(database, /Sign-in isn’t answering/u);
});

test('the page of a failed sign-in has the words for people', async () => {
  const page = await pageOf(new HoldfastError('untrusted_peer', { reason: 'claim', name: 'sub' }));
  assert.match(page, /You aren’t signed in The other side couldn’t prove who it is\. Try again/u);
});

test('a bug is logged as one, everything else within what its source may log', async () => {
  const heard: string[] = [];
  const logOf = (name: string) =>
    pino({ base: null }, { write: (line: string) => void heard.push(`${name} ${JSON.parse(line).level} ${JSON.parse(line).msg}`) });
  await pageOf(new Error('a bug'), logOf('log'), logOf('lines'));
  await pageOf(new HoldfastError('unavailable', { reason: 'database' }), logOf('log'), logOf('lines'));
  assert.deepEqual(heard, ['log 50 Internal error.', 'lines 40 Sign-in failed.']);
});
