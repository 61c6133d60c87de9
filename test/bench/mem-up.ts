/**
 * MEM: what a whole `holdfast up` holds in memory after a sign-in in the real browser, a lease sync and a launch: resident memory of
 * each service, the largest of its kind, beside a bare Fastify on the same Node; and the proportional share (PSS) of everything that `up` has
 * started, desktops included.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_ENV, SERVICE_FLAGS } from '../../cli/bin/service-node.mjs';
import { COMPONENTS } from '../../cli/up/plan.ts';
import { startHarness } from '../e2e/harness.ts';
import { VIEWED } from '../e2e/outages.ts';
import { openPortal } from '../e2e/portal.ts';
import { PROJECT_DIR } from '../runner/files.ts';
import { type Figure, judge } from './measure.ts';
import { familyOf, residentMib, shareMib } from './memory.ts';

const UP_MIB = 1_536;

export async function measure(): Promise<Figure[]> {
  const holdfast = await startHarness();
  try {
    const { report, process: up } = holdfast.system;
    const portal = openPortal(await holdfast.browser.newPage(), report);
    await portal.signIn('alice');
    await portal.untilText(/Ready for an outage/u, 60_000);
    await portal.launch(VIEWED.ssh.resource);
    await VIEWED.ssh.seen(holdfast);
    const pids = new Map(report.components.map(({ name, pid }) => [name, pid]));
    const largest = new Map<string, number>();
    for (const { name, service } of COMPONENTS) {
      const pid = pids.get(name) ?? undefined;
      if (pid !== undefined) largest.set(service, Math.max(largest.get(service) ?? 0, residentMib(pid)));
    }
    const bare = await bareFastifyMib();
    const family = familyOf(up.pid ?? Number.NaN);
    const browser = familyOf(holdfast.browser.browser.process()?.pid ?? Number.NaN);
    return [
      ...[...largest].map(([service, held]) =>
        judge('MEM', `${service}, resident (peer: a bare Fastify)`, held, 'MiB', { ratioAtMost: 2 }, bare),
      ),
      judge('MEM', `holdfast up with its ${family.length} processes, proportional share`, shareMib(family), 'MiB', { atMost: UP_MIB }),
      judge('MEM', 'the same with browser, native host and viewer', shareMib([...family, ...browser]), 'MiB', { atMost: UP_MIB }),
    ];
  } finally {
    await holdfast.end();
  }
}

/** Answers one path, and says where. */
const BARE = `
import fastify from 'fastify';
const server = fastify();
server.get('/', async () => ({ well: true }));
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
`;
/** ms: until what the start has left behind is given back, if it ever is */
const SETTLED_MS = 5_000;

/** By the flags and settings that services run with. */
async function bareFastifyMib(): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...SERVICE_FLAGS, '--input-type=module', '-e', BARE], {
    cwd: PROJECT_DIR,
    env: { ...process.env, ...SERVICE_ENV },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [address] = await once(child.stdout, 'data');
    await (await fetch(String(address).trim())).text();
    await pause(SETTLED_MS);
    return residentMib(child.pid ?? Number.NaN);
  } finally {
    child.kill();
  }
}
