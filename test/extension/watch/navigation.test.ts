/** One story from two interfaces: the orders of events that browsers really send. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Note, observe, type Raw } from '../../../extension/watch/navigation.ts';

const W = 'https://workspace.example/';
const IDP = 'https://login.example/authorize';
const NEWS = 'https://news.example/';
const isWorkspace = (url: string): boolean => url.startsWith(W) && !url.endsWith('offline=choice');

/** What a row of events tells, in words. */
function story(raws: readonly Raw[]): string[] {
  let note: Note | null = null;
  const told: string[] = [];
  for (const raw of raws) {
    const seen = observe(note, raw, isWorkspace);
    note = seen.note;
    const { signal } = seen;
    if (signal?.type === 'workspace') told.push(`workspace ${signal.number} by ${signal.by}`);
    else if (signal?.type === 'failed') told.push(`failed ${signal.cause}`);
    else if (signal !== null) told.push(signal.type);
  }
  return told;
}

const request = (url: string, id: string, initiator: string | null = null): Raw => ({
  kind: 'request-begins',
  url,
  request: id,
  initiator,
});
const begins = (url: string): Raw => ({ kind: 'navigation-begins', url });
const commits = (url: string, transition: string, ...qualifiers: string[]): Raw => ({ kind: 'committed', url, transition, qualifiers });
const fails = (url: string, id: string, error: string): Raw => ({ kind: 'request-fails', url, request: id, error });

const STORIES: Readonly<Record<string, readonly [readonly Raw[], readonly string[]]>> = {
  'both interfaces, navigation first': [
    [begins(W), request(W, 'a'), commits(W, 'typed')],
    ['workspace 1 by unknown', 'workspace 1 by person', 'workspace 1 by person'],
  ],
  'a hung tab: the navigation event comes late or never': [
    [request(W, 'a'), request(IDP, 'a'), begins(W)],
    ['workspace 1 by person', 'hop'],
  ],
  'typed again while the first still hangs': [
    [request(W, 'a'), request(IDP, 'a'), request(W, 'b'), fails(IDP, 'a', 'net::ERR_ABORTED'), begins(W)],
    ['workspace 1 by person', 'hop', 'workspace 2 by person'],
  ],
  'a page of the service worker has no request': [
    [begins(W), commits(W, 'typed')],
    ['workspace 1 by unknown', 'workspace 1 by person'],
  ],
  'typed again, both answered by the service worker': [
    [begins(W), commits(W, 'typed'), begins(W), commits(W, 'reload')],
    ['workspace 1 by unknown', 'workspace 1 by person', 'workspace 2 by unknown', 'workspace 2 by person'],
  ],
  'the identity page sends the tab back': [
    [
      request(W, 'a'),
      request(IDP, 'a'),
      commits(IDP, 'typed', 'server_redirect'),
      request(`${W}auth/callback`, 'b', 'https://login.example'),
    ],
    ['workspace 1 by person', 'hop', 'hop', 'workspace 2 by page'],
  ],
  'an unrelated address': [
    [request(W, 'a'), request(NEWS, 'b')],
    ['workspace 1 by person', 'left'],
  ],
  'an unrelated address that only the navigation interface sees': [
    [begins(W), commits(W, 'typed'), commits('http://news.example/', 'typed')],
    ['workspace 1 by unknown', 'workspace 1 by person', 'left'],
  ],
  'offline mode is no sign-in': [
    [request(W, 'a'), request(`${W}?offline=choice`, 'b')],
    ['workspace 1 by person', 'left'],
  ],
  'found already under way, then told of': [
    [{ kind: 'found', url: W }, begins(W), request(W, 'a')],
    ['workspace 1 by unknown', 'workspace 1 by person'],
  ],
  'refused, in both interfaces': [
    [
      begins(W),
      request(W, 'a'),
      fails(W, 'a', 'net::ERR_CONNECTION_REFUSED'),
      { kind: 'navigation-fails', url: W, error: 'net::ERR_CONNECTION_REFUSED' },
    ],
    ['workspace 1 by unknown', 'workspace 1 by person', 'failed refused'],
  ],
  'a failure of an older request says nothing': [
    [request(W, 'a'), request(W, 'b'), fails(W, 'a', 'net::ERR_CONNECTION_RESET')],
    ['workspace 1 by person', 'workspace 2 by person'],
  ],
  'a failure at a host that only the navigation interface sees': [
    [request(W, 'a'), { kind: 'navigation-fails', url: 'http://idp.example/', error: 'net::ERR_NAME_NOT_RESOLVED' }],
    ['workspace 1 by person', 'failed dns'],
  ],
  '503': [
    [request(W, 'a'), { kind: 'request-completes', url: W, request: 'a', status: 503 }],
    ['workspace 1 by person', 'failed server-error'],
  ],
  '404': [[request(W, 'a'), { kind: 'request-completes', url: W, request: 'a', status: 404 }], ['workspace 1 by person']],
};

for (const [name, [raws, told]] of Object.entries(STORIES)) {
  test(`navigation: ${name}`, () => assert.deepEqual(story(raws), told));
}
