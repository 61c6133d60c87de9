/**
 * How a location stands for this device, from what each way into it said. It answers when one of its own connectors has said that
 * session hosts answer there; the hello of a gateway says nothing of the location behind it.
 */

import type { Cause } from '#protocol/causes';
import type { LocationAnswer } from '#protocol/channel';
import type { WireError } from '#protocol/errors';
import type { Reachability } from '#protocol/host';
import type { Route } from '#protocol/primitives';

/** What one way in said; `cause`: why it said nothing of the location. */
export type WayAnswer =
  | { readonly route: Route; readonly said: LocationAnswer; readonly roundTripMs: number }
  | { readonly route: Route; readonly said: undefined; readonly cause: Cause };

type Said = Extract<WayAnswer, { readonly roundTripMs: number }>;

/** `checkedAt`: milliseconds since 1970. A direct way wins over a gateway, as in a launch. */
export function locationState(
  { id, name }: { readonly id: string; readonly name: string },
  ways: readonly WayAnswer[],
  checkedAt: number,
): Reachability {
  const open = ways.filter(hasSpoken).filter(({ said }) => said.sessionHosts > 0);
  const best = open.find(({ route }) => route === 'direct') ?? open[0];
  const about = { location: id, name, checkedAt };
  if (best !== undefined) return { ...about, state: 'reachable', route: best.route, roundTripMs: best.roundTripMs };
  const causes = ways.map((way) => (way.said === undefined ? way.cause : 'no-session-host'));
  return { ...about, state: 'unreachable', causes: [...new Set(causes)] };
}

/** What the lease that was asked with would be refused with; `opens` where some location would open it; undefined where none said. */
export function leaseAnswer(ways: readonly WayAnswer[]): 'opens' | { readonly location: string; readonly error: WireError } | undefined {
  const answers = ways.filter(hasSpoken).map(({ said }) => said);
  if (answers.some(({ sessionHosts, refusal }) => sessionHosts > 0 && refusal === undefined)) return 'opens';
  const [refused] = answers.flatMap(({ location, refusal }) => (refusal === undefined ? [] : [{ location, error: refusal }]));
  return refused;
}

function hasSpoken(way: WayAnswer): way is Said {
  return way.said !== undefined;
}
