/** Connects a launch with its session process: starts it during the exchange, orders it to open, receives its messages, releases it. */

import { fromWireError, HoldfastError } from '#protocol/errors';
import type { RunningSession } from '#protocol/host';
import type { LeasedResource } from '#protocol/lease';
import type { LaunchMode } from '#protocol/primitives';
import type { FromSession } from '#protocol/session-process';
import { asLaunchError, codeOfThrown, launchCodeOf } from './launch-code.ts';
import { type Grant, type Happened, happening, type LaunchContext, type LaunchOrder } from './launch-context.ts';
import { type SessionChild, startSessionChild } from './session-child.ts';

export interface SessionLink {
  prepare(resource: LeasedResource): void;
  open(grant: Grant, mode: LaunchMode): void;
  reopen(): void;
  /** Ends process, viewer and files. A later order starts a new process. */
  stop(): void;
  /** resolves when everything stopped is gone */
  gone(): Promise<unknown>;
}

export interface Heard {
  readonly happened: (what: Happened) => void;
  /** `asks`: it waits for the person */
  readonly viewer: (name: string, asks: boolean) => void;
  readonly running: (session: RunningSession) => void;
}

export function sessionLink(parts: LaunchContext, { owner, correlationId }: LaunchOrder, heard: Heard): SessionLink {
  let child: Promise<SessionChild> | undefined;
  let isRunning = false;
  const leaving: Promise<void>[] = [];

  const start = ({ protocol }: LeasedResource): Promise<SessionChild> => {
    if (child !== undefined) return child;
    const mine = startSessionChild(
      parts.home,
      (word) => child === mine && hear(word),
      () => child === mine && heard.happened(happening(isRunning ? { type: 'over', cause: undefined } : { type: 'unmet', code: 3026 })),
    );
    child = mine;
    mine.then(
      ({ folder, tell }) => tell({ type: 'prepare', correlationId, protocol, folder, viewers: parts.config.viewers }),
      (error: unknown) => {
        parts.log.error('session process', error, correlationId);
        if (child === mine) heard.happened(happening({ type: 'hopeless', code: 3026 }, asLaunchError(error, 3026)));
      },
    );
    return mine;
  };

  const hear = (word: FromSession): void => {
    if (word.type === 'running') {
      isRunning = true;
      heard.running(word.session);
    }
    if (word.type === 'opening') heard.viewer(word.viewer, false);
    else heard.happened(happeningOf(word));
    if (word.type === 'asking') heard.viewer(word.viewer, true);
  };

  const open = async ({ granted, by, credential }: Grant, mode: LaunchMode): Promise<void> => {
    const [started, known] = await Promise.all([start(credential.resource), parts.trustFor(owner, false)]);
    if (known === undefined) throw new HoldfastError(3009);
    const { signedBundle, listToken } = known.trust;
    started.tell({
      type: 'open',
      ...owner,
      resource: credential.resource,
      mode,
      grant: granted.grant,
      statement: granted.statement,
      sessionHost: granted.sessionHost,
      location: by.location,
      meeting: granted.meeting,
      ...(granted.meeting.route === 'rendezvous' && { gateway: { id: by.id, address: by.address } }),
      now: parts.clock.now(owner.workspace),
      trust: { rootBundle: signedBundle, ...(listToken !== undefined && { revocations: listToken }) },
    });
  };

  return {
    prepare: (resource) => void start(resource),
    open: (grant, mode) =>
      void open(grant, mode).catch((error: unknown) => heard.happened(happening({ type: 'unmet', code: codeOfThrown(error, 3026) }))),
    reopen: () => void child?.then(({ tell }) => tell({ type: 'reopen' })),
    stop() {
      const started = child;
      child = undefined;
      isRunning = false;
      if (started !== undefined) leaving.push(started.then((running) => running.end()).catch(() => {}));
    },
    gone: () => Promise.all(leaving),
  };
}

function happeningOf(word: Exclude<FromSession, { type: 'opening' }>): Happened {
  switch (word.type) {
    case 'unmet':
      return happening({ type: 'unmet', code: launchCodeOf(word.error.code) }, fromWireError(word.error));
    case 'asking':
      return happening({ type: 'asking' });
    case 'hopeless':
      return happening({ type: 'hopeless', code: launchCodeOf(word.error.code) }, fromWireError(word.error));
    case 'viewerFailed':
      return happening({ type: 'viewerFailed' }, fromWireError(word.error));
    case 'running':
      return happening({ type: 'shown' });
    case 'over':
      return word.error === undefined
        ? happening({ type: 'over', cause: undefined })
        : happening({ type: 'over', cause: launchCodeOf(word.error.code) }, fromWireError(word.error));
  }
}
