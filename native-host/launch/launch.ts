/**
 * Carries one launch out: `core/machines/launch` decides, this does. Every answer, deadline and cancellation goes through the
 * machine, so a launch has one outcome whatever happens at the same time.
 */

import { resourceKey } from '#core/access/resource-key';
import { nextLaunch, startLaunch } from '#core/machines/launch';
import type { LaunchEffect, LaunchEvent, LaunchNews, LaunchOutcome, LaunchState } from '#core/machines/launch-states';
import { errorOf } from '#core/verdict';
import { HoldfastError, type LaunchCode, toWireError } from '#protocol/errors';
import type { RunningSession, LaunchEvent as Told } from '#protocol/host';
import type { LaunchMode } from '#protocol/primitives';
import { drive } from '#runtime/machine/drive';
import { monotonicClock } from '#runtime/monotonic-clock';
import { leaseSearch } from './by-lease.ts';
import { hasTicketFor, ticketCredential } from './by-ticket.ts';
import { launchCodeOf } from './launch-code.ts';
import { type Credential, type Grant, type Happened, happening, type LaunchContext, type LaunchOrder, placeOf } from './launch-context.ts';
import { redeem } from './redeem.ts';
import { sessionLink } from './session-link.ts';

export interface Launch {
  /** resolves when the session runs or the launch failed */
  readonly outcome: Promise<LaunchReport>;
  /** resolves when everything is cleaned up */
  readonly ended: Promise<void>;
  cancel(): void;
}

export type LaunchReport =
  | { readonly as: 'opened'; readonly session: RunningSession }
  | { readonly as: 'failed'; readonly code: LaunchCode; readonly error: HoldfastError };

/** Failures that leave open whether the location still answers. */
const UNANSWERED: readonly LaunchCode[] = [3021, 3023, 3025];

export function launch(parts: LaunchContext, order: LaunchOrder): Launch {
  const { owner, correlationId, resource, launchFile } = order;
  const report = Promise.withResolvers<LaunchReport>();
  const over = Promise.withResolvers<void>();
  const lease = leaseSearch(parts, order);
  /** locations that refused in this round of redeeming */
  const refusing = new Set<string>();
  const ticketIs = launchFile === undefined ? 'none' : hasTicketFor(launchFile, resource) ? 'there' : 'empty';
  let mode: LaunchMode = ticketIs === 'there' ? 'ticket' : 'lease';
  let ticket: Credential | undefined;
  let grant: Grant | undefined;
  /** what the last round of redeeming was refused with, and where */
  let refusal: { readonly location: string; readonly error: HoldfastError } | undefined;
  let session: RunningSession | undefined;
  /** the current work; aborted and replaced by `stop` */
  let work = new AbortController();
  /** the latest failure, for people */
  let said: HoldfastError | undefined;

  const happened = ({ event, error }: Happened): void => {
    said = error ?? said;
    machine.tell({ ...event, at: monotonicClock.now() });
  };

  /** Hands a result to the machine unless it was stopped meanwhile; a failed step ends the launch and never hangs it. */
  const take = (doing: (signal: AbortSignal) => Promise<Happened>, otherwise: LaunchNews): void => {
    const { signal } = work;
    const failed = (thrown: unknown): Happened => {
      if (!signal.aborted) parts.log.error('launch', thrown, correlationId);
      return thrown instanceof HoldfastError ? happening(otherwise, thrown) : happening(otherwise);
    };
    void doing(signal)
      .catch(failed)
      .then((result) => !signal.aborted && happened(result));
  };

  const tell = (phase: Told['phase'], more: Pick<Told, 'detail' | 'asks' | 'session' | 'error'> = {}): void =>
    parts.emit({ event: 'launch', workspace: owner.workspace, subject: owner.subject, resource, correlationId, phase, mode, ...more });

  const link = sessionLink(parts, order, {
    happened,
    viewer: (name, asks) => machine.state.is === 'opening' && tell('opening', { detail: name, ...(asks && { asks }) }),
    running: (running) => {
      session = running;
    },
  });

  const check = async (signal: AbortSignal): Promise<Happened> => {
    const result = await lease.check();
    signal.throwIfAborted();
    const checked = lease.credential();
    if (result.event.type === 'good' && checked !== undefined) link.prepare(checked.resource);
    return result;
  };

  const redeemBy = async (by: LaunchMode, signal: AbortSignal): Promise<Happened> => {
    const useless = (code: LaunchCode, error?: HoldfastError) =>
      happening({ type: 'refused', code, retryable: false, others: false }, error);
    if (by === 'ticket' && launchFile !== undefined && ticket === undefined) {
      const judged = await ticketCredential(parts, order, launchFile);
      signal.throwIfAborted();
      if (!judged.ok) return useless(judged.why, errorOf(judged));
      ticket = judged.value;
      link.prepare(ticket.resource);
    }
    const credential = by === 'ticket' ? ticket : lease.credential();
    if (credential === undefined) return useless(3010);
    const result = await redeem(parts, order, by, credential, refusing, signal);
    const { refusedAt: location, error } = result;
    ({ grant } = result);
    refusal = location === undefined || error === undefined ? undefined : { location, error };
    return result;
  };

  const tellOutcome = (outcome: LaunchOutcome): void => {
    if (outcome.as === 'failed') {
      const error = failureBy(outcome.code);
      parts.log.warn(`launch of ${resourceKey(resource)} failed: ${outcome.code} (${error.message})`, correlationId);
      if (refusal !== undefined) parts.reachabilities.refused(owner, resource, refusal.location, toWireError(refusal.error));
      else if (UNANSWERED.includes(outcome.code)) parts.reachabilities.doubt(owner);
      report.resolve({ as: 'failed', code: outcome.code, error });
    } else if (session !== undefined) {
      parts.log.info(`launch of ${resourceKey(resource)} by ${mode}: running on ${session.sessionHost}`, correlationId);
      parts.reachabilities.opened(owner, resource);
      tell('running', { session });
      report.resolve({ as: 'opened', session });
    }
  };

  const finish = (outcome: LaunchOutcome): void => {
    const code = outcome.as === 'failed' ? outcome.code : outcome.cause;
    // A session that ends may be the first sign of a location that is gone.
    if (session !== undefined) parts.reachabilities.doubt(owner);
    void link.gone().then(() => {
      tell('ended', code === undefined ? {} : { error: toWireError(failureBy(code), correlationId) });
      over.resolve();
    });
  };

  /** The machine's code, with the details of the error that caused it, if any. */
  const failureBy = (code: LaunchCode): HoldfastError =>
    said !== undefined && launchCodeOf(said.code) === code ? said : new HoldfastError(code);

  const machine = drive<LaunchState, LaunchEvent, LaunchEffect>({
    first: startLaunch(ticketIs, monotonicClock.now(), parts.settings),
    next: (state, event) => nextLaunch(state, event, parts.settings),
    clock: monotonicClock,
    due: (at) => ({ type: 'due', at }),
    effects: {
      say: (effect) => {
        mode = effect.mode;
        // The report announces `running` together with its session.
        if (effect.phase === 'resuming' || effect.phase === 'running') return;
        tell(effect.phase, effect.phase === 'opening' && grant !== undefined ? { detail: placeOf(grant) } : {});
      },
      find: () => take(lease.find, { type: 'missing', code: 3002 }),
      check: () => take(check, { type: 'bad', code: 3009 }),
      choose: () => take(lease.choose, { type: 'nowhere', code: 3021 }),
      redeem: ({ mode: by, afresh }) => {
        if (afresh) refusing.clear();
        take((signal) => redeemBy(by, signal), { type: 'refused', code: 3020, retryable: false, others: false });
      },
      open: () => grant !== undefined && link.open(grant, mode),
      reopen: () => link.reopen(),
      stop: () => {
        work.abort();
        work = new AbortController();
        link.stop();
      },
      report: ({ outcome }) => tellOutcome(outcome),
      end: ({ outcome }) => finish(outcome),
    },
    failed: (error, effect) => parts.log.error(`launch: ${effect.do}`, error, correlationId),
  });
  return { outcome: report.promise, ended: over.promise, cancel: () => happened(happening({ type: 'cancel' })) };
}
