/**
 * P8: the native host as the browser starts it, by its wrapper: spawn to the reply to `hello`, and the memory that it then holds. What a
 * session's process holds is measured where sessions run (`p4-launch.ts`).
 */
import { spawn } from 'node:child_process';
import type { HostRequest } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import { hostCommand, newHome, PROFILE } from './host-process.ts';
import { type Figure, judge, median } from './measure.ts';
import { residentMib } from './memory.ts';

const ROUNDS = 15;
const WRITES_A_BYTE = ['-e', 'process.stdout.write("x"); process.stdin.resume()'];

export async function measure(): Promise<Figure[]> {
  const home = newHome('http://workspace.localhost:7400');
  try {
    const ours = hostCommand(home.path);
    const bare = [process.execPath, ...WRITES_A_BYTE] as const;
    // The first start fills the code cache.
    for (const command of [ours, bare]) await start(command);
    const host = { ms: [] as number[], mib: [] as number[] };
    const node: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const run = await start(ours);
      host.ms.push(run.ms);
      host.mib.push(run.mib);
      node.push((await start(bare)).ms);
    }
    return [
      judge(
        'P8',
        'native host, spawn of its wrapper to first reply (peer: node that only writes a byte)',
        median(host.ms),
        'ms',
        { ratioAtMost: 1.5 },
        median(node),
      ),
      judge('P8', 'native host, resident memory a second later', median(host.mib), 'MiB', { atMost: 60 }),
    ];
  } finally {
    home.remove();
  }
}

/** Both are sent the same, and what they hold is looked at after the same second. */
async function start([program, ...args]: readonly [string, ...string[]]): Promise<{ ms: number; mib: number }> {
  const began = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    child.stdin.write(frame({ v: VERSION.host, id: 1, type: 'hello', body: { extension: '0.1.0', v: VERSION.host, profile: PROFILE } }));
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', () => reject(new Error('it ended before it replied')));
    });
    const ms = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
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
