/** Facts about each Workspace: the host's saved leases, and whether its health document answers. */
import * as v from 'valibot';
import { detailsOf } from '#protocol/details';
import { toWireError } from '#protocol/errors';
import { wholeLine, wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import type { Clock } from '../clock.ts';
import type { HostPort, HostReply } from '../host/port.ts';
import type { PortalFacts, SavedFacts } from '../pages/messages.ts';
import { type HealthVerdict, probe, statementKey } from './health.ts';

export interface Facts {
  health(workspace: string): PortalFacts;
  saved(workspace: string): SavedFacts | null;
  /** a portal says how many resources its list has */
  listed(workspace: string, resources: number): void;
  /** Asks the health document; at most one probe per Workspace at a time. */
  look(workspace: string): Promise<HealthVerdict>;
  /** Asks the host for its saved leases. Failures belong to the port's state. */
  askHost(workspace: string): Promise<void>;
}

/** Kept on disk: the Workspace's statement as the host verified it, the latest time seen in a health document, and the list's length. */
const Kept = v.record(v.string(), v.object({ statement: v.optional(v.string()), lastSeen: v.number(), listed: v.optional(v.number()) }));

export interface FactsNeeds {
  readonly clock: Clock;
  readonly host: HostPort;
  readonly kept: unknown;
  save(kept: unknown): void;
  onChange(): void;
  /** the host has said how many of a Workspace's resources open offline */
  onSaved(workspace: string, valid: number): void;
  /** a Workspace that did not answer answers again */
  onBack(workspace: string): void;
  log(text: string): void;
}

export function createFacts(needs: FactsNeeds): Facts {
  const kept = v.parse(v.fallback(Kept, {}), needs.kept);
  const health = new Map<string, PortalFacts>();
  const saved = new Map<string, Omit<SavedFacts, 'listed'>>();
  const running = new Map<string, Promise<HealthVerdict>>();

  async function look(workspace: string): Promise<HealthVerdict> {
    const trust = { key: statementKey(kept[workspace]?.statement), lastSeen: kept[workspace]?.lastSeen ?? 0 };
    const verdict = await probe(workspace, trust, needs.clock);
    if (verdict.up) {
      kept[workspace] = { ...kept[workspace], lastSeen: Math.max(verdict.now, trust.lastSeen) };
      needs.save(kept);
    }
    const facts = factsOf(verdict, needs.clock.now());
    if (health.get(workspace)?.state !== facts.state)
      needs.log(`health of ${workspace}: ${facts.state}${verdict.up ? '' : ` (${verdict.cause})`}`);
    const back = verdict.up && health.get(workspace)?.state === 'silent';
    health.set(workspace, facts);
    if (back) needs.onBack(workspace);
    needs.onChange();
    return verdict;
  }

  return {
    health: (workspace) => health.get(workspace) ?? { state: 'looking' },
    saved(workspace) {
      const known = saved.get(workspace);
      return known === undefined ? null : { ...known, listed: kept[workspace]?.listed };
    },
    listed(workspace, resources) {
      if (kept[workspace]?.listed === resources) return;
      kept[workspace] = { lastSeen: 0, ...kept[workspace], listed: resources };
      needs.save(kept);
    },
    look(workspace) {
      const now = running.get(workspace) ?? look(workspace).finally(() => running.delete(workspace));
      running.set(workspace, now);
      return now;
    },
    async askHost(workspace) {
      try {
        const status = await needs.host.request('status', { workspace });
        saved.set(workspace, savedOf(status, needs.clock.now()));
        needs.onSaved(workspace, status.leases.valid);
        if (status.workspaceStatement !== undefined) {
          kept[workspace] = { lastSeen: 0, ...kept[workspace], statement: status.workspaceStatement };
          needs.save(kept);
        }
      } catch (error) {
        saved.delete(workspace);
        needs.log(`host status of ${workspace}: ${toWireError(error).code}`);
      }
      needs.onChange();
    },
  };
}

function factsOf(verdict: HealthVerdict, at: number): PortalFacts {
  if (!verdict.up) return { state: 'silent', cause: verdict.cause, at };
  return { state: verdict.identity === 'down' ? 'identity-down' : 'live', ms: verdict.ms };
}

function savedOf(status: HostReply<'status'>, at: number): Omit<SavedFacts, 'listed'> {
  const { leases, sync, viewers } = status;
  return {
    valid: leases.valid,
    ended: leases.ended,
    opens: leases.opens ?? leases.valid,
    lastSuccess: sync.lastSuccess,
    failure: sync.error === undefined || sync.state !== 'failed' ? undefined : wholeLine(wordsOf(sync.error, people)),
    viewers: viewers.map(({ protocol, name, found }) => {
      if (found) return { found, protocol, name };
      const error = { code: 'missing_viewer', reason: protocol } as const;
      return { found, protocol, name, remedy: wordsOf(error, people).remedy, details: detailsOf(error, at) };
    }),
  };
}
