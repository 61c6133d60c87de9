/** Opens a resource: by launch ticket while the Workspace answers, by lease silently when it does not (B-N5, B-W11). */
import { isSameResource } from '#core/access/resource-key';
import { fromWireError, HoldfastError, toWireError, type WireError } from '#protocol/errors';
import type { LaunchEvent } from '#protocol/host';
import type { LaunchFile } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import { beginLaunch, deniedByWorkspace, failLaunch, handedOver, type LaunchView, stepLaunch } from '../view/launch.ts';
import type { Item } from '../view/list.ts';
import type { AppContext } from './context.ts';
import { newCorrelationId } from './correlation.ts';
import type { Host } from './native-host.ts';

/** A launch without an event for this long has timed out. The host's own deadlines add up to less. Milliseconds. */
const SILENCE_MS = 60_000;
/** The same while the person is asked, by a host that gives them five minutes. Milliseconds. */
const ASKING_MS = 330_000;
/** A cancel is confirmed on the screen after this, even if the host does not confirm it. Milliseconds. */
const CANCEL_MS = 1_000;
/** How long success stays on the screen. Milliseconds. */
const GOOD_END_MS = 4_000;

export interface Launches {
  open(item: Item): void;
  cancel(): void;
  close(): void;
  take(event: LaunchEvent): void;
}

export function driveLaunches(
  { model, clock, workspace, extension, log }: Pick<AppContext, 'model' | 'clock' | 'workspace' | 'extension' | 'log'>,
  host: Pick<Host, 'refresh' | 'thumbprint' | 'failed'>,
  suspect: () => void,
): Launches {
  let current: AbortController | undefined;
  let stopSilence = (): void => {};

  const show = (launch: LaunchView | undefined, said?: string): void =>
    model.set({ launch, now: clock.now(), ...(said === undefined ? {} : { said }) });
  const heard = (silenceMs = SILENCE_MS): void => {
    stopSilence();
    stopSilence = clock.after(silenceMs, () => fail(toWireError(new HoldfastError(3023))));
  };
  const fail = (error: WireError): void => {
    const { launch } = model.state;
    if (launch === undefined || launch.end !== undefined) return;
    log.say(`launch failed: ${fromWireError(error).message}`, launch.correlationId);
    finish(failLaunch(launch, error));
  };

  /** A late reply ends its own launch only, never a newer one. */
  const failOf = (launch: AbortController | undefined, error: WireError): void => {
    if (launch === current) fail(error);
  };

  const finish = (view: LaunchView): void => {
    stopSilence();
    const { name } = view.resource;
    if (view.end?.is === 'cancelled') {
      show(undefined, `${name}: cancelled`);
      return;
    }
    show(view, view.end?.is === 'open' ? `${name} is open` : '');
    if (view.end?.is === 'open') {
      void host.refresh();
      clock.after(GOOD_END_MS, () => model.state.launch?.correlationId === view.correlationId && show(undefined));
    }
  };

  const start = async (item: Item, correlationId: string): Promise<void> => {
    const { ref, opens } = item;
    const mine = new AbortController();
    current = mine;
    const failed = (error: WireError): void => failOf(mine, withId(error, correlationId));
    const { session, known, portal, sessions } = model.state;
    const again = sessions.some(({ resource }) => isSameResource(resource, ref));
    // What a location refused is dimmed and may be tried again: by ticket while the Workspace answers.
    const answers = opens.can === 'open' ? opens.by === 'workspace' : portal.is === 'online' || portal.is === 'degraded';
    const byWorkspace = answers && session !== undefined;
    show(beginLaunch(item, correlationId, byWorkspace ? 'asking' : 'lease', clock.now(), again), '');
    heard();
    if (known === undefined) return failed(toWireError(new HoldfastError('not_signed_in')));
    try {
      const answer = byWorkspace ? await ask(ref, correlationId, mine.signal) : undefined;
      if (mine.signal.aborted) return;
      if (answer !== undefined && 'denied' in answer) {
        model.set({ denials: new Map(model.state.denials).set(item.key, '3022') });
        return failed(deniedByWorkspace(answer.denied));
      }
      const launchFile = answer?.launchFile;
      const id = launchFile?.correlationId ?? correlationId;
      const { launch } = model.state;
      if (byWorkspace && launch !== undefined) show(handedOver(launch, launchFile === undefined ? 'lease' : 'ticket', id, clock.now()));
      log.say(launchFile === undefined ? 'launch by lease' : 'launch by ticket', id);
      const body = { subject: known.user.subject, resource: ref, correlationId: id };
      await extension.ask('launch', launchFile === undefined ? body : { ...body, launchFile });
    } catch (thrown) {
      host.failed(thrown);
      failed(toWireError(thrown));
    }
  };

  /** A launch file, our own denial, or undefined: then the lease is used silently. */
  const ask = async (
    resource: ResourceRef,
    correlationId: string,
    signal: AbortSignal,
  ): Promise<{ readonly launchFile: LaunchFile } | { readonly denied: WireError; readonly launchFile: undefined } | undefined> => {
    const { session } = model.state;
    if (session === undefined) return undefined;
    const jkt = await host.thumbprint(session);
    const verdict = await workspace.launch({ resource, jkt }, session.csrf, correlationId, signal);
    switch (verdict.is) {
      case 'launchFile':
        return verdict;
      case 'denied':
        return { denied: verdict.error, launchFile: undefined };
      case 'failed':
        log.say(`no launch ticket: ${verdict.cause}`, correlationId);
        suspect();
        return undefined;
    }
  };

  const close = (): void => {
    current?.abort();
    show(undefined);
  };

  return {
    close,
    open: (item) => {
      if (item.resource.kind === 'web') return void window.open(item.resource.url, '_blank', 'noopener,noreferrer');
      const { launch } = model.state;
      if (launch !== undefined && launch.end === undefined) return model.set({ said: `${launch.resource.name} is still opening` });
      void start(item, newCorrelationId());
    },
    cancel: () => {
      const { launch } = model.state;
      if (launch === undefined || launch.end !== undefined || launch.cancelling) return;
      log.say('cancelled by the person', launch.correlationId);
      if (launch.mode === 'asking') {
        current?.abort();
        return finish(failLaunch(launch, toWireError(new HoldfastError(3024))));
      }
      show({ ...launch, cancelling: true });
      const mine = current;
      const cancelled = (): void => failOf(mine, toWireError(new HoldfastError(3024)));
      const subject = model.state.known?.user.subject;
      if (subject === undefined) return cancelled();
      extension.ask('cancel', { subject, correlationId: launch.correlationId }, CANCEL_MS).then(cancelled, cancelled);
    },
    take: (event) => {
      const { launch } = model.state;
      if (launch?.correlationId === event.correlationId && launch.end === undefined) {
        const next = stepLaunch(launch, event, clock.now());
        heard(next.asks ? ASKING_MS : SILENCE_MS);
        if (next.end === undefined) show(next);
        else {
          if (next.end.is === 'failed') log.say(`launch failed: ${fromWireError(next.end.error).message}`, event.correlationId);
          finish(next);
        }
      }
      if (event.phase === 'running' || event.phase === 'ended') void host.refresh();
    },
  };
}

function withId(error: WireError, correlationId: string): WireError {
  return { ...error, correlationId: error.correlationId ?? correlationId };
}
