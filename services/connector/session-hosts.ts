/** The session hosts registered here, and the sessions promised to them recently. */
import type { RegisteredSessionHost } from '#core/placement/session-host';
import type { Registration } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import type { ControlPeer } from '#runtime/channel/control';

export interface SessionHosts {
  /** Accepts a registration from the peer that it names, else refuses. */
  register(registration: Registration, peer: ControlPeer): void;
  /** Removes a peer whose connection has ended. */
  forget(peer: ControlPeer): void;
  /** Those that answer now. */
  live(): readonly RegisteredSessionHost[];
  /** The same as they registered. */
  registrations(): readonly Registration[];
  find(id: string): { readonly registration: Registration; readonly peer: ControlPeer } | undefined;
  /** Counts a granted session until the session host reports it, or until its grant expires. */
  promise(id: string, session: string): void;
}

interface Entry {
  readonly registration: Registration;
  readonly peer: ControlPeer;
}

export function sessionHostsOf(location: string, now: () => number, onChange: () => void): SessionHosts {
  const entries = new Map<string, Entry>();
  const promised = new Map<string, { readonly host: string; readonly until: number }>();

  const promisedTo = (id: string): number => {
    for (const [session, { until }] of promised) if (until < now()) promised.delete(session);
    return [...promised.values()].filter(({ host }) => host === id).length;
  };

  const responsive = () => [...entries.values()].filter(({ peer }) => peer.responsive()).map(({ registration }) => registration);

  return {
    register(registration, peer) {
      if (registration.id !== peer.statement.id) throw new HoldfastError('untrusted_peer', { reason: 'other-session-host' });
      if (peer.statement.location !== location) throw new HoldfastError('untrusted_peer', { reason: 'other-location' });
      entries.set(registration.id, { registration, peer });
      for (const { session } of registration.sessions) promised.delete(session);
      onChange();
    },
    forget(peer) {
      if (entries.get(peer.statement.id)?.peer !== peer) return;
      entries.delete(peer.statement.id);
      onChange();
    },
    live: () => responsive().map((registration) => ({ ...registration, location, promised: promisedTo(registration.id) })),
    registrations: responsive,
    find: (id) => entries.get(id),
    promise: (host, session) => void promised.set(session, { host, until: now() + TIMES.grantSeconds }),
  };
}
