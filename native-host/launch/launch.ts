/**
 * Carries one launch out: `core/machines/launch` decides, this does. Every answer, deadline and cancellation goes through the
 * machine, so a launch has one outcome whatever happens at the same time.
 */

import type * as v from 'valibot';
import {
  LAUNCH_SETTINGS,
  type LaunchEffect,
  type LaunchEvent,
  type LaunchMode,
  type LaunchOutcome,
  nextLaunch,
  startLaunch,
} from '#core/machines/launch';
import { type Candidate, candidatesFor } from '#core/placement/candidates';
import type { Verdict } from '#core/verdict';
import type { Granted } from '#protocol/channel';
import { HoldfastError, type LaunchCode, toWireError } from '#protocol/errors';
import type { HostEvent, LaunchPhase, RunningSession } from '#protocol/host';
import type { LaunchFile, LeasedResource, LeaseFiles, LeaseLocation } from '#protocol/lease';
import type { FromSession } from '#protocol/session-process';
import type { HostConfig } from '#protocol/vault';
import { raceChannels } from '#runtime/channel/race';
import type { DeviceClock } from '../clock.ts';
import type { HostLog } from '../log.ts';
import type { KnownTrust, TrustStore } from '../trust-store.ts';
import type { Owner } from '../vault/names.ts';
import type { OpenedLease, Vault } from '../vault/vault.ts';
import { launchCodeOf } from './code.ts';
import { presentLease, presentTicket } from './present.ts';
import { type SessionChild, startSessionChild } from './session-child.ts';
import { readTicket } from './ticket.ts';

export interface LaunchOrder {
  readonly owner: Owner;
  readonly resource: string;
  readonly correlationId: string;
  readonly launchFile?: LaunchFile | undefined;
}

export interface LaunchParts {
  readonly home: string;
  readonly config: HostConfig;
  readonly clock: DeviceClock;
  readonly trust: TrustStore;
  readonly log: HostLog;
  readonly vaultOf: (owner: Owner) => Promise<Vault>;
  /** what is known of the owner's root of trust; `online`: the Workspace may be asked */
  readonly trustFor: (owner: Owner, online: boolean) => Promise<KnownTrust | undefined>;
  readonly emit: (event: HostEvent) => void;
}

export interface Launch {
  /** resolves when the session runs or the launch failed */
  readonly outcome: Promise<LaunchReport>;
  /** resolves when nothing of it is left */
  readonly ended: Promise<void>;
  cancel(): void;
}

export type LaunchReport =
  | { readonly as: 'opened'; readonly session: RunningSession }
  | { readonly as: 'failed'; readonly code: LaunchCode; readonly error: HoldfastError };

type Resource = v.InferOutput<typeof LeasedResource>;
/** What a grant was got for, by whichever way. */
interface Ground {
  readonly resource: Resource;
  readonly locations: readonly LeaseLocation[];
}

export function launch(parts: LaunchParts, order: LaunchOrder): Launch {
  const { owner, correlationId } = order;
  const report = Promise.withResolvers<LaunchReport>();
  const over = Promise.withResolvers<void>();
  const ticket = order.launchFile === undefined ? undefined : readTicket(order.launchFile);
  let found: LeaseFiles | undefined;
  let opened: OpenedLease | undefined;
  let granted: { readonly grant: Granted; readonly by: Candidate; readonly ground: Ground } | undefined;
  let child: Promise<SessionChild> | undefined;
  let session: RunningSession | undefined;
  const refusing = new Set<string>();
  let round = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let mode: LaunchMode = ticket === undefined ? 'lease' : 'ticket';
  /** child processes that were told to end */
  const leaving: Promise<void>[] = [];
  /** what the last refusal or failure said, for people */
  let said: { readonly error: HoldfastError } | undefined;

  const happened = (event: LaunchEvent): void => {
    const step = nextLaunch(state, event, performance.now(), LAUNCH_SETTINGS);
    const before = state;
    state = step.state;
    for (const effect of step.effects) perform(effect);
    if (state.is === 'ended' && before.is !== 'ended') finish(state.outcome);
  };
  /** Hands an effect's result to the machine unless it was stopped meanwhile; a bug becomes an ending, never a hang. */
  const decide = (work: (signal: AbortSignal) => Promise<LaunchEvent>, otherwise: LaunchEvent): void => {
    const { signal } = round;
    work(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) parts.log.error('launch', error, correlationId);
        if (error instanceof HoldfastError) said = { error };
        return otherwise;
      })
      .then((event) => {
        if (!signal.aborted) happened(event);
      });
  };
  const tell = (
    phase: LaunchPhase,
    how: LaunchMode,
    more: { detail?: string; session?: RunningSession; error?: ReturnType<typeof toWireError> } = {},
  ) => parts.emit({ event: 'launch', store: owner.store, resource: order.resource, correlationId, phase, mode: how, ...more });

  const perform = (effect: LaunchEffect): void => {
    switch (effect.do) {
      case 'say':
        mode = effect.mode;
        // `running` is told together with the session, by its report.
        if (effect.phase !== 'resuming' && effect.phase !== 'running') tell(effect.phase, effect.mode, detailFor(effect));
        return;
      case 'find':
        decide(find, { type: 'missing', code: 3002 });
        return;
      case 'check':
        decide(check, { type: 'bad', code: 3009 });
        return;
      case 'choose':
        decide(choose, { type: 'nowhere', code: 3021 });
        return;
      case 'redeem':
        if (effect.afresh) refusing.clear();
        decide((signal) => redeem(effect.mode, signal), { type: 'refused', code: 3020, retryable: false, others: false });
        return;
      case 'open':
        open();
        return;
      case 'reopen':
        void child?.then((started) => started.tell({ type: 'reopen' }));
        return;
      case 'wait':
        clearTimeout(timer);
        timer = setTimeout(() => happened({ type: 'deadline' }), Math.max(0, Math.ceil(effect.until - performance.now())));
        return;
      case 'rest':
        clearTimeout(timer);
        return;
      case 'stop':
        stop();
        return;
      case 'report':
        tellOutcome(effect.outcome);
    }
  };

  async function find(): Promise<LaunchEvent> {
    if (order.resource === '') return { type: 'missing', code: 3010 };
    const vault = await parts.vaultOf(owner);
    const verdict = await vault.find(order.resource);
    if (verdict.ok) {
      found = verdict.value.files;
      return { type: 'found' };
    }
    said = { error: new HoldfastError(verdict.why, verdict.detail) };
    if (verdict.why === 3000 || verdict.why === 3002) return { type: 'missing', code: verdict.why };
    // The files are there but not as they were written: that is for the check to say.
    found = undefined;
    return { type: 'found' };
  }

  async function check(): Promise<LaunchEvent> {
    if (found === undefined) return { type: 'bad', code: 3007 };
    const known = await parts.trustFor(owner, false);
    if (known === undefined) return { type: 'bad', code: 3009 };
    const vault = await parts.vaultOf(owner);
    const verdict: Verdict<OpenedLease, LaunchCode> = await vault.check(found, known.trust, parts.clock.now());
    if (!verdict.ok) {
      said = { error: new HoldfastError(verdict.why, verdict.detail) };
      return { type: 'bad', code: verdict.why };
    }
    opened = verdict.value;
    prepare(opened.metadata.resource);
    return { type: 'good' };
  }

  async function choose(): Promise<LaunchEvent> {
    const locations = opened?.metadata.locations ?? [];
    if (locations.length === 0) return { type: 'nowhere', code: 3003 };
    return candidatesFor(locations).length === 0 ? { type: 'nowhere', code: 3021 } : { type: 'chosen' };
  }

  async function redeem(by: LaunchMode, signal: AbortSignal): Promise<LaunchEvent> {
    const known = await parts.trustFor(owner, by === 'ticket');
    if (known === undefined) return { type: 'refused', code: 3020, retryable: false, others: false };
    const key = await (await parts.vaultOf(owner)).key();
    const asked = by === 'ticket' ? byTicket() : byLease();
    if (asked === undefined) return { type: 'refused', code: 3010, retryable: false, others: false };
    const candidates = asked.candidates.filter(({ location }) => !refusing.has(location));
    const result = await raceChannels({
      candidates,
      credential: by,
      presentTo: asked.present(key),
      trust: () => known.trust,
      signal,
      now: () => parts.clock.now(),
      onNews: (news) => void parts.trust.hear(owner.store, news).catch((error: unknown) => parts.log.error('news', error, correlationId)),
      onFault: (candidate, error) => parts.log.error(`${candidate.route} ${candidate.id} of ${candidate.location}`, error, correlationId),
    });
    switch (result.as) {
      case 'granted':
        granted = { grant: result.granted, by: result.by, ground: asked.ground };
        return { type: 'granted' };
      case 'refused': {
        said = { error: result.error };
        refusing.add(result.by.location);
        parts.log.warn(`${result.by.id} refused: ${result.error.code} ${result.error.message}`, correlationId);
        const others = candidates.some(({ location }) => !refusing.has(location));
        return { type: 'refused', code: launchCodeOf(result.error.code), retryable: result.retryable, others };
      }
      case 'unanswered':
        said = undefined;
        return result.error.code === 3025 ? { type: 'refused', code: 3025, retryable: false, others: false } : { type: 'unanswered' };
    }
  }

  function byTicket() {
    if (ticket === undefined) return undefined;
    const ground: Ground = { resource: ticket.resource, locations: [ticket.location] };
    return {
      ground,
      candidates: ticket.candidates,
      present: (key: Parameters<typeof presentTicket>[0]) => presentTicket(key, ticket.file, correlationId),
    };
  }

  function byLease() {
    if (opened === undefined) return undefined;
    const { metadata, metadataJws, files } = opened;
    const ground: Ground = { resource: metadata.resource, locations: metadata.locations };
    const shown = { ...files, metadata: metadataJws };
    return {
      ground,
      candidates: candidatesFor(metadata.locations),
      present: (key: Parameters<typeof presentLease>[0]) => presentLease(key, shown, correlationId),
    };
  }

  /** Starts the session's process while the exchange runs. */
  function prepare({ protocol }: Resource): Promise<SessionChild> {
    if (child !== undefined) return child;
    const mine = startSessionChild(
      parts.home,
      (word) => child === mine && onWord(word),
      () => child === mine && happened(sessionWasOpen() ? { type: 'over', cause: undefined } : { type: 'unmet', code: 3026 }),
    );
    child = mine;
    mine.then(
      ({ folder, tell: order }) => order({ type: 'prepare', correlationId, protocol, folder, viewers: parts.config.viewers }),
      (error: unknown) => {
        parts.log.error('session process', error, correlationId);
        happened({ type: 'unmet', code: 3026 });
      },
    );
    return mine;
  }

  function open(): void {
    if (granted === undefined) return;
    const { grant, by, ground } = granted;
    void Promise.all([prepare(ground.resource), parts.trustFor(owner, false)]).then(
      ([started, known]) => {
        if (known === undefined) return happened({ type: 'unmet', code: 3009 });
        const { trust } = known;
        started.tell({
          type: 'open',
          ...owner,
          resource: ground.resource,
          mode,
          grant: grant.grant,
          statement: grant.statement,
          sessionHost: grant.sessionHost,
          location: by.location,
          meeting: grant.meeting,
          ...(grant.meeting.route === 'rendezvous' && { gateway: { id: by.id, address: by.address } }),
          now: parts.clock.now(),
          trust: { rootBundle: trust.signedBundle, ...(trust.listToken !== undefined && { revocations: trust.listToken }) },
        });
      },
      () => happened({ type: 'unmet', code: 3026 }),
    );
  }

  function onWord(word: FromSession): void {
    switch (word.type) {
      case 'opening':
        if (state.is === 'opening') tell('opening', state.mode, { detail: word.viewer });
        return;
      case 'unmet':
        said = { error: new HoldfastError(word.code, word.detail) };
        happened({ type: 'unmet', code: word.code });
        return;
      case 'viewerMissing':
        said = { error: new HoldfastError('missing_viewer', word.detail) };
        happened({ type: 'viewerMissing' });
        return;
      case 'viewerFailed':
        said = { error: new HoldfastError(3026, word.detail) };
        happened({ type: 'viewerFailed' });
        return;
      case 'running':
        session = word.session;
        happened({ type: 'firstBytes' });
        return;
      case 'over':
        said = word.cause === undefined ? undefined : { error: new HoldfastError(word.cause, word.detail) };
        happened({ type: 'over', cause: word.cause });
        return;
    }
  }

  function sessionWasOpen(): boolean {
    return state.is === 'running' || state.is === 'resuming';
  }

  /** Calls off what runs now. What comes later (the lease after a ticket) starts with a clean slate. */
  function stop(): void {
    round.abort();
    round = new AbortController();
    const started = child;
    child = undefined;
    if (started !== undefined) leaving.push(started.then((running) => running.end()).catch(() => {}));
  }

  function detailFor(effect: LaunchEffect & { do: 'say' }): { detail: string } | undefined {
    if (effect.phase === 'opening' && granted !== undefined) return { detail: placeOf(granted.by, granted.ground) };
    return undefined;
  }

  function tellOutcome(outcome: LaunchOutcome): void {
    if (outcome.as === 'opened' && session !== undefined) {
      parts.log.info(`launch of ${order.resource} by ${session.mode}: running on ${session.sessionHost}`, correlationId);
      tell('running', session.mode, { session });
      report.resolve({ as: 'opened', session });
    } else if (outcome.as === 'failed') {
      const error = errorOf(outcome.code);
      parts.log.warn(`launch of ${order.resource} failed: ${outcome.code} ${error.message}`, correlationId);
      report.resolve({ as: 'failed', code: outcome.code, error });
    }
  }

  /** The machine's code, with what was said along the way when that is about the same thing. */
  function errorOf(code: LaunchCode): HoldfastError {
    const fits = said !== undefined && launchCodeOf(said.error.code) === code;
    return fits && said !== undefined ? said.error : new HoldfastError(code);
  }

  function finish(outcome: LaunchOutcome): void {
    const code = outcome.as === 'failed' ? outcome.code : outcome.cause;
    void Promise.all(leaving).then(() => {
      tell('ended', session?.mode ?? mode, code === undefined ? {} : { error: toWireError(errorOf(code), correlationId) });
      over.resolve();
    });
  }

  const first = startLaunch(
    order.launchFile === undefined ? 'none' : ticket === undefined ? 'empty' : 'there',
    performance.now(),
    LAUNCH_SETTINGS,
  );
  let state = first.state;
  if (ticket !== undefined) void prepare(ticket.resource);
  for (const effect of first.effects) perform(effect);
  return { outcome: report.promise, ended: over.promise, cancel: () => happened({ type: 'cancel' }) };
}

/** "Zurich, direct" or "Zurich, by gateway pop-1". */
function placeOf({ location, route, id }: Candidate, { locations }: Ground): string {
  const name = locations.find((place) => place.id === location)?.name ?? location;
  return route === 'direct' ? `${name}, direct` : `${name}, by gateway ${id}`;
}
