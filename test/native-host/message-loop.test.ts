import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, beforeEach, describe, test } from 'node:test';
import * as v from 'valibot';
import { HOST, HostMessage } from '#protocol/host';
import { LIMITS, VERSION } from '#protocol/limits';
import { serve } from '../../native-host/message-loop.ts';
import { encodeMessage, messagesFrom } from '../../native-host/stdio.ts';
import { EXTENSION, newHome, PROFILE } from './device.ts';

const WORKSPACE = 'http://workspace.localhost:8080';
const CALLER = `chrome-extension://${EXTENSION}/`;
let home: string;
beforeEach(async () => {
  if (home !== undefined) await rm(home, { recursive: true, force: true });
  home = await newHome();
  await writeFile(
    join(home, 'config.json'),
    JSON.stringify({ v: 1, workspaces: [{ url: WORKSPACE, name: 'Contoso' }], extensions: [EXTENSION] }),
  );
});
after(() => rm(home, { recursive: true, force: true }));

function browser(args: readonly string[] = [CALLER], at = home) {
  const input = new PassThrough();
  const output = new PassThrough();
  const exit = serve({ input, output, args, env: { HOLDFAST_HOST_HOME: at } });
  const messages = messagesFrom(output);
  return {
    input,
    exit,
    send: (type: string, body: object, id = 1, version: number = VERSION.host) =>
      input.write(encodeMessage({ v: version, id, type, body })),
    async reply() {
      const next = await messages.next();
      return v.parse(HostMessage, next.value);
    },
    async end() {
      input.end();
      return exit;
    },
  };
}
const errorOf = (message: HostMessage) => ('error' in message && !('event' in message) ? message.error?.code : undefined);

describe('B-N1a the host talks with its own extension only', () => {
  test('hello is answered with version and Workspaces, and the end of input ends the host', async () => {
    const port = browser();
    port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host }, 7);
    const reply = await port.reply();
    assert.ok('id' in reply && reply.id === 7 && 'body' in reply);
    assert.deepEqual(v.parse(HOST.hello.reply, reply.body).workspaces, [{ url: WORKSPACE, name: 'Contoso' }]);
    assert.equal(await port.end(), 0);
  });

  for (const [who, args] of [
    ['another extension', ['chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba/']],
    ['a web page', ['https://workspace.example/']],
    ['nobody', []],
  ] as const) {
    test(`${who} is refused as forbidden_caller and the host ends`, async () => {
      const port = browser(args);
      port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host });
      assert.equal(errorOf(await port.reply()), 'forbidden_caller');
      assert.equal(await port.exit, 1);
    });
  }
});

test('a host that is not set up refuses everybody', async () => {
  await rm(join(home, 'config.json'));
  const port = browser();
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host });
  assert.equal(errorOf(await port.reply()), 'forbidden_caller');
  await port.exit;
});

test('a folder that is open to others is refused, and no other is used instead', async () => {
  await chmod(home, 0o750);
  const port = browser();
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host });
  assert.equal(errorOf(await port.reply()), 'unsafe_folder');
  await port.end();
});

test('B-N1d a configuration that another user could have written is refused', async () => {
  await chmod(join(home, 'config.json'), 0o666);
  const port = browser();
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host });
  assert.equal(errorOf(await port.reply()), 'unsafe_folder');
  await port.end();
});

test('B-N1d a folder that others could put another in place of is refused', async () => {
  const open = join(home, 'open');
  await mkdir(open);
  await chmod(open, 0o777);
  await rename(join(home, 'config.json'), join(open, 'config.json'));
  const port = browser([CALLER], join(open, 'below'));
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host });
  assert.equal(errorOf(await port.reply()), 'unsafe_folder');
  await port.end();
});

test('B-N15a one version apart is understood, two are not', async () => {
  const port = browser();
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host + 1 }, 1, VERSION.host + 1);
  assert.ok('body' in (await port.reply()));
  port.send('hello', { extension: '0.1.0', profile: PROFILE, v: VERSION.host + 2 }, 2, VERSION.host + 2);
  assert.equal(errorOf(await port.reply()), 'host_version');
  await port.end();
});

test('B-N1b a request of an unknown type, or of another shape than its type’s, is refused by its id, and the next one is answered', async () => {
  const port = browser();
  port.send('format', {}, 3);
  const unknown = await port.reply();
  assert.ok('id' in unknown && unknown.id === 3 && errorOf(unknown) === 'bad_request');
  port.send('leases', { workspace: WORKSPACE, subject: '?' }, 4);
  assert.equal(errorOf(await port.reply()), 'bad_request');
  for (const [n, type] of Object.keys(HOST).entries()) {
    port.send(type, { workspace: 7 }, 10 + n);
    const refused = await port.reply();
    assert.ok('id' in refused && refused.id === 10 + n && errorOf(refused) === 'bad_request', type);
  }
  port.send('status', { workspace: WORKSPACE }, 5);
  assert.ok('body' in (await port.reply()));
  assert.equal(await port.end(), 0);
});

test('a workspace that is not configured gets nothing', async () => {
  const port = browser();
  for (const type of ['status', 'leases', 'describeDevice', 'sessions']) {
    port.send(type, { workspace: 'https://evil.example', subject: 'mara-0123456789', nonce: 'n'.repeat(22) });
    assert.equal(errorOf(await port.reply()), 'forbidden_caller', type);
  }
  assert.equal(await port.end(), 0);
});

test('a frame above the cap ends the host before a byte of it is kept', async () => {
  const port = browser();
  const header = Buffer.alloc(4);
  if (endianness() === 'LE') header.writeUInt32LE(LIMITS.nativeMessageBytes + 1);
  else header.writeUInt32BE(LIMITS.nativeMessageBytes + 1);
  port.input.write(header);
  assert.equal(await port.exit, 1);
});

test('garbage ends the host', async () => {
  const port = browser();
  port.input.write(Buffer.concat([encodeMessage({}).subarray(0, 4), Buffer.from('xx')]));
  assert.equal(await port.exit, 1);
});

test('frames are put together however they are cut', async () => {
  const stream = new PassThrough();
  const bytes = Buffer.concat([encodeMessage({ n: 1 }), encodeMessage({ n: 2, text: 'Zürich' }), encodeMessage({ n: 3 })]);
  const got: unknown[] = [];
  const reading = (async () => {
    for await (const message of messagesFrom(stream)) got.push(message);
  })();
  for (const byte of bytes) stream.write(Buffer.from([byte]));
  stream.end();
  await Promise.all([reading, once(stream, 'close')]);
  assert.deepEqual(got, [{ n: 1 }, { n: 2, text: 'Zürich' }, { n: 3 }]);
});

test('a reply above the cap is not sent: the browser would close the port', () => {
  assert.throws(() => encodeMessage({ text: 'x'.repeat(LIMITS.nativeMessageBytes) }), { code: 'too_large' });
});
