/**
 * MEM: what a whole `holdfast up` holds in memory after a sign-in in the real browser, a lease sync and a launch: resident memory of
 * each service, the largest of its kind, and the proportional share (PSS) of everything that `up` has started, desktops included.
 */
import { COMPONENTS } from '../../cli/up/plan.ts';
import { startHarness } from '../e2e/harness.ts';
import { VIEWED } from '../e2e/outages.ts';
import { openPortal } from '../e2e/portal.ts';
import { type Figure, judge } from './measure.ts';
import { familyOf, residentMib, shareMib } from './memory.ts';

const SERVICE_MIB = 120;
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
    const family = familyOf(up.pid ?? Number.NaN);
    const browser = familyOf(holdfast.browser.browser.process()?.pid ?? Number.NaN);
    return [
      ...[...largest].map(([service, held]) => judge('MEM', `${service}, resident`, held, 'MiB', { atMost: SERVICE_MIB })),
      judge('MEM', `holdfast up with its ${family.length} processes, proportional share`, shareMib(family), 'MiB', { atMost: UP_MIB }),
      judge('MEM', 'the same with browser, native host and viewer', shareMib([...family, ...browser]), 'MiB', { atMost: UP_MIB }),
    ];
  } finally {
    await holdfast.end();
  }
}
