/** Drives what the native host knows: leases, reachability, running sessions, and the saving of access after a sign-in. */
import { resourceKey } from '#core/access/resource-key';
import { fromWireError, HoldfastError, toWireError, type WireError } from '#protocol/errors';
import type { LeaseState, Reachability, Refusal } from '#protocol/host';
import type { PortalSession } from '#protocol/workspace-api';
import type { PageEvent } from '../bridges/extension.ts';
import { JUST_NOW_MS } from '../view/words.ts';
import type { AppContext } from './context.ts';
import { newCorrelationId } from './correlation.ts';
import type { Losses } from './losses.ts';
import type { HostState } from './model.ts';

/** How often leases and paths are refreshed while the page is visible. Milliseconds. */
const REFRESH_MS = 60_000;
/** A requested bridge arrives within 0.2 s, or a few times that when the worker sleeps and the device is busy. Milliseconds. */
const ARRIVAL_MS = 1_000;

export interface Host {
  /** Checks whether extension and host answer, then lists leases and sessions. */
  begin(): Promise<void>;
  refresh(): Promise<void>;
  /** Registers the device with the Workspace and has the host fetch its leases. Once for a signed-in session. */
  saveAccess(session: PortalSession): Promise<void>;
  /** thumbprint of the device's key for this person; for online launches */
  thumbprint(session: PortalSession): Promise<string>;
  take(event: Exclude<PageEvent, { event: 'launch' | 'workspace' }>): void;
  failed(thrown: unknown): void;
}

export function driveHost(
  { model, clock, extension, workspace, log }: Pick<AppContext, 'model' | 'clock' | 'extension' | 'workspace' | 'log'>,
  losses: Pick<Losses, 'listed' | 'found'>,
): Host {
  let described: { readonly subject: string; readonly jkt: string } | undefined;
  let saved: string | undefined;
  let listing: { readonly of: string | undefined; readonly done: Promise<void> } | undefined;

  const person = (): string | undefined => model.state.known?.user.subject;
  const failed = (thrown: unknown): void => troubled(toWireError(thrown));
  const troubled = (told: WireError): void => {
    const error = { correlationId: newCorrelationId(), ...told };
    log.say(`host: ${fromWireError(error).message}`, error.correlationId);
    const path = hostPathOf(error);
    if (path !== undefined) model.set({ host: { path, error } });
    // It answers, and has nothing for this person: another one is bound.
    else if (error.code === 'not_signed_in') {
      answered();
      model.set({ leases: new Map(), sessions: [] });
    }
  };
  const answered = (): void => {
    if (model.state.host.path !== 'ready') model.set({ host: { path: 'ready', error: undefined } });
  };

  const list = async (): Promise<void> => {
    const subject = person();
    if (subject === undefined) return;
    const leases = new Map<string, LeaseState>();
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const page: Awaited<ReturnType<typeof extension.ask<'leases'>>> = await extension.ask('leases', { subject, offset });
      answered();
      // Nothing of one person is shown to the next.
      if (person() !== subject) return;
      for (const lease of page.items) leases.set(resourceKey(lease.resource), lease);
      if (page.disk !== undefined) model.set({ disk: page.disk });
      model.set({ sync: page.sync });
      if (offset === 0) found(page);
      // A page that does not advance would be requested for ever.
      offset = page.next !== undefined && page.next > offset ? page.next : undefined;
    }
    model.set({ leases });
  };
  /** Ages count from now; "just now" is over after 5 s. */
  const found = ({
    reachability,
    refusals,
  }: {
    readonly reachability: readonly Reachability[];
    readonly refusals: readonly Refusal[];
  }): void => {
    losses.found(reachability);
    model.set({
      now: clock.now(),
      reachability: merged(model.state.reachability, reachability),
      refusals: new Map(refusals.map((refusal) => [resourceKey(refusal.resource), refusal])),
    });
    clock.after(JUST_NOW_MS, () => model.set({ now: clock.now() }));
  };
  /** Joins a listing of the same person that is under way. */
  const refresh = (): Promise<void> => {
    const of = person();
    if (listing?.of !== of || listing === undefined) listing = { of, done: listAll(of) };
    return listing.done;
  };
  const listAll = async (of: string | undefined): Promise<void> => {
    try {
      await Promise.all([list(), listSessions()]);
    } catch (thrown) {
      if (person() === of) failed(thrown);
    }
    if (listing?.of === of) listing = undefined;
  };
  /** A listing under way may have read the leases before what has just happened. */
  const refreshAnew = async (): Promise<void> => {
    await listing?.done;
    await refresh();
  };
  let savings = 0;
  /** Until what it returns is called. */
  const saving = (): (() => void) => {
    savings += 1;
    model.set({ saving: true });
    return () => {
      savings -= 1;
      model.set({ saving: savings > 0 });
    };
  };
  const listSessions = async (): Promise<void> => {
    const subject = person();
    if (subject === undefined) return;
    const { sessions } = await extension.ask('sessions', { subject });
    answered();
    if (person() !== subject) return;
    losses.listed(sessions);
    model.set({ sessions });
  };

  const describe = async (session: PortalSession) => {
    const device = await extension.ask('describeDevice', { subject: session.user.subject, nonce: session.deviceNonce });
    described = { subject: session.user.subject, jkt: device.jkt };
    if (person() === session.user.subject) model.set({ ownDevice: device.jkt });
    return device;
  };

  return {
    refresh,
    failed,
    begin: async () => {
      clock.every(REFRESH_MS, () => document.visibilityState === 'visible' && model.state.host.path === 'ready' && void refresh());
      const stop = clock.after(ARRIVAL_MS, () => failed(new HoldfastError('extension_missing')));
      await extension.arrives;
      stop();
      model.set({ host: { path: 'unknown', error: undefined } });
      await refresh();
    },
    saveAccess: async (session) => {
      const { user, continuity, csrf } = session;
      if (!extension.present || !continuity.enabled || saved === user.subject) return;
      saved = user.subject;
      const done = saving();
      try {
        const { sign, enc, claimsHardware, proof } = await describe(session);
        answered();
        const reply = await workspace.device({ sign, enc, claimsHardware, proof }, csrf);
        if (reply.is === 'failed') {
          saved = undefined;
          return log.say(`saving access: the Workspace did not register the device (${reply.cause})`);
        }
        if (reply.is === 'refused') {
          log.say(`saving access: ${fromWireError(reply.error).message}`);
          return model.set({ sync: { ...model.state.sync, state: 'failed', error: reply.error } });
        }
        const { status } = await extension.ask('sync', { subject: user.subject, userName: user.name, token: reply.token });
        if (person() !== user.subject) return;
        model.set({ sync: status });
        await refreshAnew();
      } catch (thrown) {
        saved = undefined;
        failed(thrown);
      } finally {
        done();
      }
    },
    thumbprint: async (session) => (described?.subject === session.user.subject ? described.jkt : (await describe(session)).jkt),
    take: (event) => {
      const subject = person();
      switch (event.event) {
        case 'host':
          if (event.state === 'ready') {
            answered();
            void refresh();
          } else troubled(event.error ?? toWireError(new HoldfastError(HOST_EVENT_CODE[event.state])));
          return;
        case 'reachability':
          if (event.subject === subject) found(event);
          return;
        case 'sync':
          if (event.subject !== subject) return;
          model.set({ sync: event.status });
          if (event.status.state !== 'succeeded') return;
          // Earlier denials are void: new leases were just saved.
          model.set({ denials: new Map() });
          void refreshAnew().finally(saving());
          return;
      }
    },
  };
}

const HOST_EVENT_CODE = {
  missing: 'host_missing',
  version: 'host_version',
  crashed: 'host_crashed',
  forbidden: 'forbidden_caller',
} as const;

/** The host errors that mean that nothing can be opened. */
function hostPathOf({ code }: WireError): HostState['path'] | undefined {
  switch (code) {
    case 'extension_missing':
      return 'no-extension';
    case 'host_missing':
    case 'host_version':
    case 'host_crashed':
    case 'forbidden_caller':
      return 'no-host';
    default:
      return undefined;
  }
}

function merged(before: ReadonlyMap<string, Reachability>, found: readonly Reachability[]): ReadonlyMap<string, Reachability> {
  // "Unchecked" only means that this round has not reached it yet: the known result stays, with its age.
  return new Map([
    ...before,
    ...found.filter((one) => one.state !== 'unchecked' || !before.has(one.location)).map((one) => [one.location, one] as const),
  ]);
}
