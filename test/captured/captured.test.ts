/** docs/debugging.md shows these messages to be piped in by hand; here they are held against the protocol of today. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import * as v from 'valibot';
import { Hello, Present, ServerAnswer } from '#protocol/channel';
import { CLOUD } from '#protocol/cloud-api';
import { HOST, HostMessage, HostRequest } from '#protocol/host';
import { PAGE, PageMessage, PageRequest } from '#protocol/page';
import { FromSession, ToSession } from '#protocol/session-process';
import { PortalSession } from '#protocol/workspace-api';
import { need } from '../runner/need.ts';
import { sayToHost } from './to-host.ts';

const Captured = v.array(v.strictObject({ from: v.string(), message: v.looseObject({}) }));
const FROM_GATEWAY = v.union([Hello, ServerAnswer]);

/** File -> who speaks -> what that is. */
const SCHEMAS: Readonly<Record<string, Readonly<Record<string, v.GenericSchema>>>> = {
  'native-host': { extension: v.object({ ...HostRequest.entries, body: HOST.hello.request }), host: HostMessage },
  page: { page: v.object({ ...PageRequest.entries, body: PAGE.portalState.request }), extension: PageMessage },
  channel: { gateway: FROM_GATEWAY, device: Present },
  cloud: { workspace: CLOUD.enumerate.request, broker: CLOUD.enumerate.reply },
  workspace: { workspace: PortalSession },
  'session-process': { host: ToSession, session: FromSession },
};

const read = (name: string) => v.parse(Captured, JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')));

// The built host answers where there is one.
before(() => need('build'));

for (const [name, speakers] of Object.entries(SCHEMAS)) {
  test(`what was captured of ${name} is what the protocol says`, () => {
    const messages = read(name);
    assert.deepEqual([...new Set(messages.map(({ from }) => from))].sort(), Object.keys(speakers).sort());
    for (const { from, message } of messages) {
      const { issues } = v.safeParse(speakers[from] ?? v.never(), message);
      assert.equal(issues, undefined, `${from} says ${JSON.stringify(message).slice(0, 200)}`);
    }
  });
}

test('every captured file has its schema and its place in docs/debugging.md', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
  assert.deepEqual(
    files.sort(),
    Object.keys(SCHEMAS)
      .map((name) => `${name}.json`)
      .sort(),
  );
  const document = readFileSync(new URL('../../docs/debugging.md', import.meta.url), 'utf8');
  assert.deepEqual(
    files.filter((file) => !document.includes(`test/captured/${file}`)),
    [],
  );
});

test('the captured request, piped in, gets the captured answer', async () => {
  const [request, answer] = read('native-host');
  assert.ok(request !== undefined && answer !== undefined);
  assert.deepEqual(await sayToHost([request.message]), [answer.message]);
});
