/** `holdfast-host launch`: the lease path without a browser. The session goes on after the command has ended. */
import * as v from 'valibot';
import { resourceKey, resourcesNamed } from '#core/access/resource-key';
import { HoldfastError, type LaunchCode, toWireError } from '#protocol/errors';
import { BROKER_FEED } from '#protocol/feed';
import type { HostEvent } from '#protocol/host';
import { Origin, type ResourceRef } from '#protocol/primitives';
import { wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { newCorrelationId } from '../correlation.ts';
import type { Vault } from '../vault/vault.ts';
import { CommonFlags, flagsOf, homeOf, hostFor, personAt, print } from './options.ts';

const LaunchFlags = v.object({
  ...CommonFlags.entries,
  resource: v.string(),
  workspace: v.optional(Origin),
  leaseOnly: v.optional(v.boolean()),
});

export async function launchCommand(given: unknown): Promise<number> {
  const flags = flagsOf(LaunchFlags, given);
  const correlationId = newCorrelationId();
  const show = (event: HostEvent) => {
    if (!flags.json && event.event === 'launch' && event.phase !== 'ended') {
      const waits = event.asks === true ? ' is waiting for you to sign in' : '';
      process.stderr.write(`${event.phase}${event.detail === undefined ? '' : `: ${event.detail}`}${waits}\n`);
    }
  };
  const host = await hostFor(homeOf(flags), show);
  const owner = await personAt(host, flags.workspace).catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'not_signed_in') return undefined;
    throw error;
  });
  // Nobody has signed in here, so there can be no lease.
  if (owner === undefined) return tellFailure(flags.json, 3000, new HoldfastError(3000, { reason: 'nobody-signed-in' }), correlationId);
  const resource = await resourceMeant(await host.vaultOf(owner), flags.resource);
  const begun = host.launches.start({ owner, resource, correlationId });
  process.once('SIGINT', begun.cancel).once('SIGTERM', begun.cancel);
  const report = await begun.outcome;
  if (report.as === 'opened') {
    print(flags.json, { outcome: 'opened', session: report.session, correlationId }, [`${report.session.name} is open.`]);
    // The session has its own process; this one is no longer needed.
    setImmediate(() => process.exit(0));
    return 0;
  }
  await begun.ended;
  return tellFailure(flags.json, report.code, report.error, correlationId);
}

/** Throws `bad_request` naming every resource that may be meant, where several feeds use the id. */
async function resourceMeant(vault: Vault, name: string): Promise<ResourceRef> {
  const manifest = await vault.manifest();
  const held = manifest.ok ? manifest.value.leases.map(({ resource }) => resource) : [];
  const [one, ...others] = resourcesNamed(name, held);
  if (one !== undefined && others.length > 0)
    throw new HoldfastError('bad_request', { reason: 'resource-ambiguous', known: [one, ...others].map(resourceKey).join(', ') });
  // Nothing is saved by this id: the launch finds that out, and says it with its code.
  return one ?? { feed: BROKER_FEED, id: name };
}

function tellFailure(json: boolean, code: LaunchCode, thrown: HoldfastError, correlationId: string): number {
  const error = toWireError(thrown, correlationId);
  print(json, { outcome: 'failed', code, error }, [wholeLine(wordsOf(error, everything)), `Code ${code}, ID ${correlationId}`]);
  return 100 + (code % 100);
}
