/** Asks a location, by every way in at once, whether it answers and would open one lease of it. */
import type { WayAnswer } from '#core/access/location-state';
import { type Candidate, candidatesFor, expectedAt } from '#core/placement/candidates';
import type { Trust } from '#core/trust/trust';
import type { Cause } from '#protocol/causes';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { LeaseLocation } from '#protocol/lease';
import type { News } from '#protocol/trust';
import { openChannel } from '#runtime/channel/client';
import type { DeviceKey } from '#runtime/jose/sign';
import { newCorrelationId } from './correlation.ts';
import { proofOn } from './device-key/proof.ts';
import type { OpenedLease } from './vault/vault.ts';

export interface Question {
  readonly location: LeaseLocation;
  /** a lease that names it */
  readonly lease: OpenedLease;
  readonly key: DeviceKey;
  readonly trust: Trust;
  /** seconds since 1970 */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onNews: (news: News) => void;
}

/** ms to a hello, and then to the answer: a gateway waits 2 s for the location behind it */
const HELLO_MS = 3_000;
const ANSWER_MS = 3_000;

export function askLocation(question: Question): Promise<readonly WayAnswer[]> {
  return Promise.all(
    candidatesFor([question.location]).map((way) =>
      askBy(way, question).catch((thrown: unknown): WayAnswer => ({ route: way.route, said: undefined, cause: causeOf(thrown) })),
    ),
  );
}

async function askBy(way: Candidate, { location, lease, key, trust, now, signal, onNews }: Question): Promise<WayAnswer> {
  const started = performance.now();
  const channel = await openChannel({ address: way.address, deadlineMs: HELLO_MS, trust, expected: expectedAt(way), now, signal, onNews });
  const roundTripMs = Math.round(performance.now() - started);
  const shown = { ...lease.files, metadata: lease.metadataJws };
  const possession = proofOn(channel, key, 'reach', shown.metadata);
  const present = { type: 'present', op: 'reach', correlationId: newCorrelationId(), ...possession, lease: shown } as const;
  try {
    const answer = await channel.present(present, ANSWER_MS);
    if (answer.type === 'refusal') throw fromWireError(answer.error);
    if (answer.type !== 'reached') throw new HoldfastError(3009, { reason: 'unexpected-answer' });
    const said = answer.locations.find((one) => one.location === location.id);
    return said === undefined ? { route: way.route, said, cause: 'location-silent' } : { route: way.route, said, roundTripMs };
  } finally {
    channel.close();
  }
}

function causeOf(thrown: unknown): Cause {
  if (!(thrown instanceof HoldfastError)) return 'unreachable';
  if (thrown.code === 'untrusted_peer') return 'not-ours';
  if (thrown.code === 'timeout') return 'timeout';
  return thrown.because ?? (thrown.code === 'unavailable' ? 'unreachable' : 'server-error');
}
