import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import pino from 'pino';
import { HoldfastError } from '#protocol/errors';
import { failedSignIn } from '../../../../services/workspace/sign-in/failed-page.ts';

async function pageOf(thrown: unknown): Promise<string> {
  const app = fastify();
  const never = (): never => assert.fail('The page needs no site document.');
  const site = { current: never, held: () => undefined, checks: [] };
  const log = pino({ enabled: false });
  const world = { site, log, linesOf: () => log, sourceOf: () => '192.0.2.1' };
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
