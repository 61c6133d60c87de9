/** What is known of each Workspace: what the host has saved for it, and whether its health document answers. */
import * as v from 'valibot';
import { toWireError } from '#protocol/errors';
import type { Clock } from './clock.ts';
import { type HealthVerdict, probe, statementKey } from './health.ts';
import type { HostPort, HostReply } from './host-port.ts';
import type { PortalFacts, SavedFacts } from './messages.ts';

export interface Stores {
  health(store: string): PortalFacts;
  saved(store: string): SavedFacts | null;
  /** Asks the health document; at most one probe a store at a time. */
  look(store: string): Promise<HealthVerdict>;
  /** Asks the host what it has saved. Failures are the port's state, not this one's. */
  askHost(store: string): Promise<void>;
}

/** Kept on disk: the Workspace's statement as the host verified it, and the latest time seen in a health document. */
const Kept = v.record(v.string(), v.object({ statement: v.optional(v.string()), lastSeen: v.number() }));

export interface StoresNeeds {
  readonly clock: Clock;
  readonly host: HostPort;
  readonly kept: unknown;
  save(kept: unknown): void;
  onChange(): void;
  /** a Workspace that did not answer does again */
  onBack(store: string): void;
  log(text: string): void;
}

export function createStores(needs: StoresNeeds): Stores {
  const kept = v.parse(v.fallback(Kept, {}), needs.kept);
  const health = new Map<string, PortalFacts>();
  const saved = new Map<string, SavedFacts>();
  const running = new Map<string, Promise<HealthVerdict>>();

  async function look(store: string): Promise<HealthVerdict> {
    const trust = { key: statementKey(kept[store]?.statement), lastSeen: kept[store]?.lastSeen ?? 0 };
    const verdict = await probe(store, trust);
    if (verdict.up) {
      kept[store] = { ...kept[store], lastSeen: Math.max(verdict.now, trust.lastSeen) };
      needs.save(kept);
    }
    const facts = factsOf(verdict, needs.clock.now());
    if (health.get(store)?.state !== facts.state) needs.log(`health of ${store}: ${facts.state}${verdict.up ? '' : ` (${verdict.cause})`}`);
    const back = verdict.up && health.get(store)?.state === 'silent';
    health.set(store, facts);
    if (back) needs.onBack(store);
    needs.onChange();
    return verdict;
  }

  return {
    health: (store) => health.get(store) ?? { state: 'looking' },
    saved: (store) => saved.get(store) ?? null,
    look(store) {
      const now = running.get(store) ?? look(store).finally(() => running.delete(store));
      running.set(store, now);
      return now;
    },
    async askHost(store) {
      try {
        const status = await needs.host.request('status', { store });
        saved.set(store, savedOf(status));
        if (status.workspaceStatement !== undefined) {
          kept[store] = { lastSeen: kept[store]?.lastSeen ?? 0, statement: status.workspaceStatement };
          needs.save(kept);
        }
      } catch (error) {
        saved.delete(store);
        needs.log(`host status of ${store}: ${toWireError(error).code}`);
      }
      needs.onChange();
    },
  };
}

function factsOf(verdict: HealthVerdict, at: number): PortalFacts {
  if (!verdict.up) return { state: 'silent', cause: verdict.cause, at };
  return { state: verdict.identity === 'down' ? 'identity-down' : 'live', ms: verdict.ms };
}

function savedOf(status: HostReply<'status'>): SavedFacts {
  const { leases, sync, viewers } = status;
  return {
    valid: leases.valid,
    ended: leases.ended,
    resources: leases.resources,
    ...(sync.lastSuccess === undefined ? {} : { lastSuccess: sync.lastSuccess }),
    ...(sync.error === undefined || sync.state !== 'failed' ? {} : { failure: { message: sync.error.message, remedy: sync.error.remedy } }),
    viewers: viewers.map(({ protocol, name, found, remedy }) => ({ protocol, name, found, ...(remedy === undefined ? {} : { remedy }) })),
  };
}
