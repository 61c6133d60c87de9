/**
 * What is known of the leases' locations, and which launches were refused there. Locations are asked in the background, with a
 * lease of theirs: every 30 s while somebody looks, and at once after a launch that failed. It dims nothing by itself; it reports.
 */
import { leaseAnswer, locationState, type WayAnswer } from '#core/access/location-state';
import { resourceKey, resourceRef } from '#core/access/resource-key';
import type { Trust } from '#core/trust/trust';
import type { WireError } from '#protocol/errors';
import type { HostEvent, Reachability, Refusal } from '#protocol/host';
import type { LeaseLocation } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import type { News } from '#protocol/trust';
import { inParallel } from '#runtime/in-parallel';
import { askLocation } from './ask-location.ts';
import type { HostLog } from './log.ts';
import type { Owner } from './vault/names.ts';
import type { HeldState, Vault } from './vault/vault.ts';

export interface Found {
  readonly reachability: Reachability[];
  readonly refusals: Refusal[];
}

export interface Reachabilities {
  /** the latest results; starts a check when they are older than 30 s, and goes on for as long as it is called */
  look(owner: Owner, held: readonly HeldState[], trust: Trust): Found;
  /** the same without a check */
  found(owner: Owner): Found;
  /** A location refused a launch of `resource`, for good or for now. */
  refused(owner: Owner, resource: ResourceRef, location: string, error: WireError): void;
  /** A launch failed without anybody's refusal: its locations are asked at once. */
  doubt(owner: Owner): void;
  opened(owner: Owner, resource: ResourceRef): void;
}

export interface ReachabilityParts {
  readonly vaultOf: (owner: Owner) => Promise<Vault>;
  readonly hear: (workspace: string, news: News) => void;
  readonly emit: (event: HostEvent) => void;
  readonly log: HostLog;
  readonly signal: AbortSignal;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** seconds since 1970, as leases are judged */
  readonly seconds: (workspace: string) => number;
  readonly after: (ms: number, run: () => void) => () => void;
}

const AGAIN_MS = 30_000;
/** A portal looks every minute while somebody sees it. */
const WATCHED_MS = 90_000;
/** Questions asked concurrently. */
const WIDTH = 8;

/** What is known for one owner. */
interface Known {
  readonly owner: Owner;
  held: readonly HeldState[];
  trust: Trust | undefined;
  lookedAt: number;
  checkedAt: number;
  checking: boolean;
  readonly found: Map<string, Reachability>;
  /** by `resourceKey` */
  readonly refusals: Map<string, Refusal>;
  stopTimer: () => void;
}

export function openReachabilities(parts: ReachabilityParts): Reachabilities {
  const owners = new Map<string, Known>();
  const knownOf = ({ workspace, subject }: Owner): Known => {
    const name = `${workspace} ${subject}`;
    const known = owners.get(name) ?? {
      owner: { workspace, subject },
      held: [],
      trust: undefined,
      lookedAt: Number.NEGATIVE_INFINITY,
      checkedAt: Number.NEGATIVE_INFINITY,
      checking: false,
      found: new Map(),
      refusals: new Map(),
      stopTimer: () => {},
    };
    owners.set(name, known);
    return known;
  };
  const tell = ({ owner, refusals }: Known, reachability: Reachability[]): void => {
    if (!parts.signal.aborted) parts.emit({ event: 'reachability', ...owner, reachability, refusals: [...refusals.values()] });
  };
  const check = (known: Known): void => {
    const { trust } = known;
    if (known.checking || trust === undefined || parts.signal.aborted || parts.now() - known.lookedAt > WATCHED_MS) return;
    known.checking = true;
    known.checkedAt = parts.now();
    known.stopTimer();
    askAll(known, trust)
      .catch((error: unknown) => parts.log.error('reachability', error))
      .finally(() => {
        known.checking = false;
        known.stopTimer = parts.after(AGAIN_MS, () => check(known));
      });
  };

  const askAll = async (known: Known, trust: Trust): Promise<void> => {
    const vault = await parts.vaultOf(known.owner);
    const key = await vault.key();
    const seconds = () => parts.seconds(known.owner.workspace);
    const ask = async ({ location, resource }: Asked): Promise<readonly WayAnswer[]> => {
      const files = await vault.find(resource);
      const lease = files.ok ? await vault.check(files.value.files, trust, seconds()) : files;
      if (!lease.ok) return [];
      const onNews = (news: News): void => parts.hear(known.owner.workspace, news);
      return askLocation({ location, lease: lease.value, key, trust, now: seconds, signal: parts.signal, onNews });
    };
    const said = new Map<string, WayAnswer[]>();
    await inParallel(questionsOf(known), WIDTH, async (asked) => {
      const ways = await ask(asked);
      if (ways.length === 0) return;
      const name = resourceKey(asked.resource);
      said.set(name, [...(said.get(name) ?? []), ...ways]);
      const state = locationState(asked.location, ways, parts.now());
      known.found.set(state.location, state);
      tell(known, [state]);
    });
    for (const refusal of [...known.refusals.values()]) settle(known, refusal, said.get(resourceKey(refusal.resource)) ?? []);
  };

  /** A refusal stands until its own lease is answered otherwise. */
  const settle = (known: Known, refusal: Refusal, ways: readonly WayAnswer[]): void => {
    const answer = leaseAnswer(ways);
    if (answer === undefined) return;
    const key = resourceKey(refusal.resource);
    if (answer === 'opens') known.refusals.delete(key);
    else known.refusals.set(key, { ...refusal, ...answer, name: nameIn(known, answer.location), at: parts.now() });
    tell(known, []);
  };

  return {
    look(owner, held, trust) {
      const known = knownOf(owner);
      Object.assign(known, { held, trust, lookedAt: parts.now() });
      if (parts.now() - known.checkedAt >= AGAIN_MS) check(known);
      const reachability = locationsOf(held).map(
        ({ id, name }) => known.found.get(id) ?? { location: id, name, state: 'unchecked' as const },
      );
      return { reachability, refusals: [...known.refusals.values()] };
    },
    found(owner) {
      const { found, refusals } = knownOf(owner);
      return { reachability: [...found.values()], refusals: [...refusals.values()] };
    },
    refused(owner, resource, location, error) {
      const known = knownOf(owner);
      const refusal = { resource: resourceRef(resource), location, name: nameIn(known, location), error, at: parts.now() };
      known.refusals.set(resourceKey(resource), refusal);
      tell(known, []);
      check(known);
    },
    doubt: (owner) => check(knownOf(owner)),
    opened(owner, resource) {
      const known = knownOf(owner);
      if (known.refusals.delete(resourceKey(resource))) tell(known, []);
    },
  };
}

/** One location, asked with the lease of one resource. */
interface Asked {
  readonly location: LeaseLocation;
  readonly resource: ResourceRef;
}

/** Each location once, with the first valid lease of it; and with every lease of it that was refused. */
function questionsOf({ held, refusals }: Known): readonly Asked[] {
  const valid = held.filter(({ state }) => state.state === 'valid');
  const isRefused = ({ entry }: HeldState): boolean => refusals.has(resourceKey(entry.resource));
  return locationsOf(valid).flatMap((location) => {
    const leases = valid.filter((lease) => lease.held?.metadata.locations.some(({ id }) => id === location.id));
    const refused = leases.filter(isRefused);
    return (refused.length > 0 ? refused : leases.slice(0, 1)).map(({ entry: { resource } }) => ({ location, resource }));
  });
}

/** Each location once, in the order of first mention. */
function locationsOf(held: readonly HeldState[]): readonly LeaseLocation[] {
  const all = held.flatMap((lease) => lease.held?.metadata.locations ?? []);
  return [...new Map(all.map((location) => [location.id, location])).values()];
}

function nameIn({ held }: Known, location: string): string {
  return locationsOf(held).find(({ id }) => id === location)?.name ?? location;
}
