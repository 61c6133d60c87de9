/**
 * A native messaging host for tests: answers `hello`, `status`, `challenge` and `logs` from the JSON file named by its first argument.
 * `"ends": true` in that file makes it stop before its first reply, `"late"` makes it wait that long.
 */
import { readFileSync } from 'node:fs';
import { VERSION } from '#protocol/limits';

const path = process.argv[2] ?? '';
const settings: { workspaces: unknown[]; status: unknown; v?: number; ends?: boolean; late?: number } = JSON.parse(
  readFileSync(path, 'utf8'),
);
if (settings.ends === true) process.exit(3);

function send(message: unknown): void {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  process.stdout.write(Buffer.concat([head, body]));
}

const REPLIES: Record<string, (body: { readonly workspace?: string }) => unknown> = {
  hello: () => ({ host: 'test', v: settings.v ?? VERSION.host, workspaces: settings.workspaces }),
  status: () => settings.status,
  // Tells the test which Workspace it was asked for.
  challenge: ({ workspace }) => ({ challenge: Buffer.from(workspace ?? '').toString('base64url') }),
  logs: () => ({ lines: [`${new Date().toISOString()} host a line of the host`] }),
};

// A host on a cold disk: the messages wait in the pipe meanwhile.
if (settings.late !== undefined) await new Promise((resolve) => setTimeout(resolve, settings.late));

let pending = Buffer.alloc(0);
process.stdin.on('data', (chunk: Buffer) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE(0)) {
    const end = 4 + pending.readUInt32LE(0);
    const { id, type, body } = JSON.parse(pending.subarray(4, end).toString());
    pending = pending.subarray(end);
    const reply = REPLIES[type];
    const error = { code: 'bad_request' };
    send(reply === undefined ? { v: 1, id, error } : { v: 1, id, body: reply(body) });
  }
});
process.stdin.on('end', () => process.exit(0));
