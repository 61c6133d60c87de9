/** P8: the native host as the browser starts it: spawn to the reply to `hello`, and the memory it then holds. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostRequest } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import type { HostConfig } from '#protocol/vault';
import { type Figure, judge, median } from './measure.ts';
import { residentMib } from './memory.ts';

const HOST = new URL('../../dist/native-host/holdfast-host.mjs', import.meta.url).pathname;
const EXTENSION = 'a'.repeat(32);
const ROUNDS = 15;

export async function measure(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  chmodSync(home, 0o700);
  const config: HostConfig = {
    v: 1,
    workspaces: [{ url: 'http://workspace.localhost:7400', name: 'Bench' }],
    extensions: [EXTENSION],
    viewers: {},
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  try {
    await start(home, [HOST, `chrome-extension://${EXTENSION}/`], true);
    const ours = { ms: [] as number[], mib: [] as number[] };
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const run = await start(home, [HOST, `chrome-extension://${EXTENSION}/`], true);
      ours.ms.push(run.ms);
      ours.mib.push(run.mib);
      bare.push((await start(home, ['-e', 'process.stdout.write("x"); process.stdin.resume()'], false)).ms);
    }
    return [
      judge(
        'P8',
        'native host, spawn to first reply (peer: node that only writes a byte)',
        median(ours.ms),
        'ms',
        { atMost: 50 },
        median(bare),
      ),
      judge('P8', 'native host, resident memory a second later', median(ours.mib), 'MiB', { atMost: 70 }),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const PROFILE = 'p'.repeat(22);

async function start(home: string, args: readonly string[], hello: boolean): Promise<{ ms: number; mib: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, HOLDFAST_HOST_HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    if (hello)
      child.stdin.write(frame({ v: VERSION.host, id: 1, type: 'hello', body: { extension: '0.1.0', v: VERSION.host, profile: PROFILE } }));
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', () => reject(new Error('the host ended before it replied')));
    });
    const ms = performance.now() - began;
    if (hello) await new Promise((resolve) => setTimeout(resolve, 1_000));
    return { ms, mib: residentMib(child.pid ?? Number.NaN) };
  } finally {
    child.removeAllListeners('exit');
    child.stdin.end();
    child.kill();
  }
}

function frame(request: HostRequest): Buffer {
  const body = Buffer.from(JSON.stringify(request));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}
