/**
 * Background check of the leases' locations: opens a channel on each path, verifies who answers, and closes it. It dims nothing
 * by itself; it only reports.
 */
import { candidatesFor, expectedAt } from '#core/placement/candidates';
import type { Trust } from '#core/trust/trust';
import type { Cause } from '#protocol/causes';
import { HoldfastError } from '#protocol/errors';
import type { HostEvent, Reachability } from '#protocol/host';
import type { LeaseLocation } from '#protocol/lease';
import { openChannel } from '#runtime/channel/client';
import { inParallel } from '#runtime/in-parallel';
import type { Owner } from './vault/names.ts';

export interface Reachabilities {
  /** the latest results; starts a check when they are older than 30 s */
  look(owner: Owner, locations: readonly LeaseLocation[], trust: Trust): readonly Reachability[];
}

export interface ProbeParts {
  readonly emit: (event: HostEvent) => void;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const AGAIN_MS = 30_000;
const DEADLINE_MS = 3_000;
/** Locations checked concurrently. */
const WIDTH = 8;

export function openReachabilities(parts: ProbeParts): Reachabilities {
  const owners = new Map<string, { startedAt: number; found: Map<string, Reachability> }>();
  return {
    look(owner, locations, trust) {
      const name = `${owner.workspace} ${owner.subject}`;
      const known = owners.get(name) ?? { startedAt: Number.NEGATIVE_INFINITY, found: new Map<string, Reachability>() };
      owners.set(name, known);
      if (parts.now() - known.startedAt >= AGAIN_MS && locations.length > 0) {
        known.startedAt = parts.now();
        void inParallel(locations, WIDTH, async (location) => {
          const found = await probe(location, trust, parts);
          known.found.set(location.id, found);
          if (!parts.signal.aborted)
            parts.emit({ event: 'reachability', workspace: owner.workspace, subject: owner.subject, reachability: [found] });
        });
      }
      return locations.map(({ id, name: title }) => known.found.get(id) ?? { location: id, name: title, state: 'unchecked' });
    },
  };
}

/** All paths at once. A direct path wins over a gateway, as in a launch. */
async function probe(location: LeaseLocation, trust: Trust, { signal, now }: ProbeParts): Promise<Reachability> {
  const tries = candidatesFor([location]).map(async (candidate) => {
    const started = performance.now();
    const channel = await openChannel({
      address: candidate.address,
      deadlineMs: DEADLINE_MS,
      trust,
      expected: expectedAt(candidate),
      signal,
    });
    channel.close();
    return { route: candidate.route, roundTripMs: Math.round(performance.now() - started) };
  });
  const results = await Promise.allSettled(tries);
  const answered = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const best = answered.find(({ route }) => route === 'direct') ?? answered[0];
  const about = { location: location.id, name: location.name, checkedAt: now() };
  if (best !== undefined) return { ...about, state: 'reachable', ...best };
  const causes = results.flatMap((result) => (result.status === 'rejected' ? [causeOf(result.reason)] : []));
  return { ...about, state: 'unreachable', causes: [...new Set(causes)] };
}

function causeOf(thrown: unknown): Cause {
  if (!(thrown instanceof HoldfastError)) return 'unreachable';
  if (thrown.code === 'untrusted_peer') return 'not-ours';
  return thrown.because ?? (thrown.code === 'timeout' ? 'timeout' : 'unreachable');
}
