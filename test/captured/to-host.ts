/** `node test/captured/to-host.ts < FILE`: pipes captured messages to a real native host, as a browser would, and prints what it answers. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as v from 'valibot';
import { hostProgram, NODE_FLAGS } from '../../native-host/program-paths.ts';
import { encodeMessage, messagesFrom } from '../../native-host/stdio.ts';

const EXTENSION = 'abcdefghijklmnopabcdefghijklmnop';
const Captured = v.array(v.object({ from: v.string(), message: v.looseObject({}) }));

/** One answer for each request. The host has a folder of its own, in which one Workspace and one extension are set up. */
export async function sayToHost(requests: readonly object[]): Promise<unknown[]> {
  const home = await mkdtemp(join(tmpdir(), 'hf-captured-'));
  const workspaces = [{ url: 'http://workspace.localhost:8080', name: 'Contoso' }];
  await writeFile(join(home, 'config.json'), JSON.stringify({ v: 1, workspaces, extensions: [EXTENSION] }), { mode: 0o600 });
  const child = spawn(process.execPath, [...NODE_FLAGS, hostProgram(), `chrome-extension://${EXTENSION}/`], {
    env: { ...process.env, HOLDFAST_HOST_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const answers = messagesFrom(child.stdout);
    const said: unknown[] = [];
    for (const request of requests) {
      child.stdin.write(encodeMessage(request));
      said.push((await answers.next()).value);
    }
    return said;
  } finally {
    child.stdin.end();
    await ended;
    await rm(home, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const requests = v.parse(Captured, await json(process.stdin)).filter(({ from }) => from === 'extension');
  for (const answer of await sayToHost(requests.map(({ message }) => message))) console.log(JSON.stringify(answer, undefined, 1));
}
