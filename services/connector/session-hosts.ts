/**
 * The session hosts registered here, and the sessions promised to them recently. Those count that the copy of the site document names
 * at this location, at every use: a changed document holds at once.
 */
import type { Site } from '#core/access/site';
import { heldPlaces } from '#core/placement/held-places';
import { sessionHostNamedAt } from '#core/placement/named-host';
import type { RegisteredSessionHost } from '#core/placement/session-host';
import type { Registration } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import type { ControlPeer } from '#runtime/channel/control';

export interface SessionHosts {
  /** Accepts a registration from the peer that it names and the site document knows, else refuses. Without a copy it waits for one. */
  register(registration: Registration, peer: ControlPeer): void;
  /** Removes a peer whose connection has ended. */
  forget(peer: ControlPeer): void;
  /** Those that answer now; none without a copy of the site document. */
  live(): readonly RegisteredSessionHost[];
  /** The same as they registered. */
  registrations(): readonly Registration[];
  find(id: string): { readonly registration: Registration; readonly peer: ControlPeer } | undefined;
  /** Counts a person's granted session until the session host reports it, or until its grant expires. */
  promise(id: string, session: string, subject: string): void;
}

interface Entry {
  readonly registration: Registration;
  readonly peer: ControlPeer;
}

export interface SessionHostsOptions {
  readonly location: string;
  /** the copy of the site document */
  readonly site: () => Site | undefined;
  /** seconds */
  readonly now: () => number;
  readonly onChange: () => void;
}

export function sessionHostsOf({ location, site: copy, now, onChange }: SessionHostsOptions): SessionHosts {
  const entries = new Map<string, Entry>();
  const promised = new Map<string, { readonly sessionHost: string; readonly subject: string; readonly until: number }>();

  const held = (): ReadonlyMap<string, number> => {
    for (const [session, { until }] of promised) if (until < now()) promised.delete(session);
    return heldPlaces([...promised.values()].reverse());
  };

  const isNamed = ({ registration: { id } }: Entry): boolean => {
    const site = copy();
    return site !== undefined && sessionHostNamedAt(site, location, id) !== undefined;
  };
  const responsive = () =>
    [...entries.values()].filter((entry) => entry.peer.responsive() && isNamed(entry)).map(({ registration }) => registration);

  return {
    register(registration, peer) {
      if (registration.id !== peer.statement.id) throw new HoldfastError('untrusted_peer', { reason: 'other-session-host' });
      if (peer.statement.location !== location) throw new HoldfastError('untrusted_peer', { reason: 'other-location' });
      const entry = { registration, peer };
      if (copy() !== undefined && !isNamed(entry))
        throw new HoldfastError('forbidden_caller', { reason: 'not-in-site', id: registration.id });
      entries.set(registration.id, entry);
      for (const { session } of registration.sessions) promised.delete(session);
      onChange();
    },
    forget(peer) {
      if (entries.get(peer.statement.id)?.peer !== peer) return;
      entries.delete(peer.statement.id);
      onChange();
    },
    live() {
      const places = held();
      return responsive().map((registration) => ({ ...registration, promised: places.get(registration.id) ?? 0 }));
    },
    registrations: responsive,
    find(id) {
      const entry = entries.get(id);
      return entry !== undefined && isNamed(entry) ? entry : undefined;
    },
    promise: (sessionHost, session, subject) => void promised.set(session, { sessionHost, subject, until: now() + TIMES.grantSeconds }),
  };
}
