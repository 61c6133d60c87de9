/** `holdfast-host launch`: the lease path without a browser. The session goes on after the command has ended. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { toWireError } from '#protocol/errors';
import type { HostEvent } from '#protocol/host';
import { CommonFlags, flagsOf, homeOf, hostFor, personAt, print } from './options.ts';

const LaunchFlags = v.object({
  ...CommonFlags.entries,
  resource: v.string(),
  store: v.optional(v.string()),
  leaseOnly: v.optional(v.boolean()),
});

export async function launchCommand(given: unknown): Promise<number> {
  const flags = flagsOf(LaunchFlags, given);
  const correlationId = randomBytes(8).toString('hex');
  const show = (event: HostEvent) => {
    if (!flags.json && event.event === 'launch' && event.phase !== 'ended') {
      process.stderr.write(`${event.phase}${event.detail === undefined ? '' : `: ${event.detail}`}\n`);
    }
  };
  const host = await hostFor(homeOf(flags), show);
  const owner = await personAt(host, flags.store);
  const begun = host.launches.start({ owner, resource: flags.resource, correlationId });
  process.once('SIGINT', begun.cancel).once('SIGTERM', begun.cancel);
  const report = await begun.outcome;
  if (report.as === 'opened') {
    print(flags.json, { outcome: 'opened', session: report.session, correlationId }, [`${report.session.name} is open.`]);
    // The session has its own process; nothing here is needed any more.
    setImmediate(() => process.exit(0));
    return 0;
  }
  await begun.ended;
  const error = toWireError(report.error, correlationId);
  print(flags.json, { outcome: 'failed', code: report.code, error }, [
    `${error.message} ${error.remedy}`.trim(),
    `Code ${report.code}, ID ${correlationId}`,
  ]);
  return 100 + (report.code % 100);
}
