/**
 * One session, from the grant to its end: meets the session host, gives the viewer a private way to it, copies bytes.
 * Orders come from the native host while there is one; after `open` this process goes on without it.
 */
import { rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { HoldfastError, isLaunchCode } from '#protocol/errors';
import type { RunningSession } from '#protocol/host';
import { type FromSession, type OpenOrder, type PrepareOrder, SESSION_LINE_BYTES, ToSession } from '#protocol/session-process';
import { codeOfThrown } from '../launch/code.ts';
import { linesFrom } from '../line-stream.ts';
import { openLog } from '../log.ts';
import { findViewer } from '../viewers/find.ts';
import type { Viewer } from '../viewers/viewer.ts';
import { type Attached, attach } from './attach.ts';
import { carry } from './carry.ts';
import { openDoor } from './door.ts';
import { forgetSession, recordSession } from './record.ts';
import { makeSessionKey, type SessionKey } from './session-key.ts';
import { startViewer, type ViewerProcess } from './viewer-process.ts';

/** A viewer that shows nothing within this is a failure, also when no host is left to say so. */
const FIRST_BYTES_MS = 21_000;
const VIEWER_END_MS = 2_000;

interface Prepared {
  readonly order: PrepareOrder;
  readonly viewer: Viewer;
  readonly key: SessionKey | undefined;
}

/** Resolves with the exit code when the session is over and nothing of it is left. */
export async function runSession(home: string, input: Readable, output: Writable): Promise<number> {
  const log = openLog(home);
  const stop = new AbortController();
  // The host may be gone; what it would have heard is then nobody's.
  output.on('error', () => {});
  const say = (word: FromSession) => void output.write(`${JSON.stringify(word)}\n`);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());

  let prepared: Promise<Prepared> | undefined;
  let running: Promise<void> | undefined;
  let reopen: (() => void) | undefined;
  const orders = (async () => {
    for await (const order of linesFrom(input, ToSession, SESSION_LINE_BYTES)) {
      if (order.type === 'prepare') {
        prepared = prepare(order);
        prepared.catch(() => {});
      } else if (order.type === 'open' && running === undefined && prepared !== undefined) {
        running = session(prepared, order).finally(() => stop.abort());
      } else if (order.type === 'reopen') reopen?.();
      else if (order.type === 'stop') stop.abort();
    }
  })();
  // Before `open` there is nothing to keep alive: the host is gone and so is the launch.
  void orders.catch(() => stop.abort()).then(() => running === undefined && stop.abort());
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await running;
  const folder = await prepared?.then(
    ({ order }) => order.folder,
    () => undefined,
  );
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  return 0;

  async function prepare(order: PrepareOrder): Promise<Prepared> {
    try {
      const viewer = findViewer(order.protocol, order.viewers);
      const key = order.protocol === 'ssh' ? await makeSessionKey(order.folder, stop.signal) : undefined;
      return { order, viewer, key };
    } catch (error) {
      log.error('session: viewer', error, order.correlationId);
      if (error instanceof HoldfastError && error.code === 'missing_viewer') say({ type: 'viewerMissing', detail: error.detail ?? '' });
      else say({ type: 'unmet', code: 3026, ...detailOf(error) });
      throw error;
    }
  }

  async function session(ready: Promise<Prepared>, order: OpenOrder): Promise<void> {
    const given = await ready.catch(() => undefined);
    if (given === undefined) return;
    const { correlationId } = given.order;
    try {
      const attached = await attach(home, order, correlationId, given.key?.publicKey, stop.signal);
      log.info(`session ${attached.answer.session} attached to ${order.sessionHost}`, correlationId);
      await show(given, order, attached);
    } catch (error) {
      if (stop.signal.aborted) return;
      log.error('session', error, correlationId);
      say({ type: 'unmet', code: codeOfThrown(error, 3020), ...detailOf(error) });
    }
  }

  async function show({ order: { folder, correlationId }, viewer, key }: Prepared, order: OpenOrder, attached: Attached): Promise<void> {
    const { answer, socket } = attached;
    const door = await openDoor(viewer.door, folder);
    const record: RunningSession = {
      session: answer.session,
      resource: order.resource.id,
      name: order.resource.name,
      protocol: order.resource.protocol,
      sessionHost: order.sessionHost,
      location: order.location,
      route: order.gateway === undefined ? 'direct' : 'gateway',
      ...(order.gateway !== undefined && { gateway: order.gateway.id }),
      mode: order.mode,
      since: Date.now(),
      viewer: viewer.name,
      correlationId,
    };
    let program: ViewerProcess | undefined;
    try {
      const shown = await firstViewer();
      if (shown === undefined) return;
      program = shown.program;
      let told: Promise<void> | undefined;
      const result = carry(socket, shown.connection, stop.signal, () => {
        told = recordSession(home, order.store, folder, record).then(() => say({ type: 'running', session: record }));
      });
      const late = setTimeout(() => !result.started() && socket.destroy(new HoldfastError(3023)), FIRST_BYTES_MS);
      const end = await result.over;
      clearTimeout(late);
      if (!result.started()) {
        say({ type: 'unmet', code: end.code ?? 3026, ...(program.lastWords() !== '' && { detail: program.lastWords() }) });
        return;
      }
      // Its beginning is told before its end, however short it was.
      await told;
      await program.gone(VIEWER_END_MS);
      log.info(`session ${record.session} ended: ${end.why}`, correlationId);
      say({ type: 'over', ...(end.code !== undefined && { cause: end.code }) });
    } finally {
      socket.destroy();
      door.close();
      await program?.end();
      await forgetSession(home, record.session);
    }

    /** Starts the viewer and waits for it to come to the door; once more when the host says so. */
    async function firstViewer() {
      const arguments_ = { folder, door: door.at, resource: order.resource, signOn: answer.signOn, key };
      for (;;) {
        const started = await startViewer(viewer, arguments_, stop.signal);
        say({ type: 'opening', viewer: viewer.name });
        const first = await door.first(started.ended, FIRST_BYTES_MS, stop.signal);
        if (first.came) return { program: started, connection: first.connection };
        await started.end();
        if (stop.signal.aborted) return undefined;
        if (socket.destroyed || first.why === 'late') {
          say({ type: 'unmet', code: first.why === 'late' ? 3023 : 3026 });
          return undefined;
        }
        const again = waitForReopen();
        say({ type: 'viewerFailed', ...(started.lastWords() !== '' && { detail: started.lastWords() }) });
        if (!(await again)) return undefined;
      }
    }
  }

  /** False when it is not asked for: the host decides, and without one there is nobody to ask for it. */
  function waitForReopen(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (asked: boolean) => {
        reopen = undefined;
        stop.signal.removeEventListener('abort', stopped);
        resolve(asked);
      };
      const stopped = () => settle(false);
      reopen = () => settle(true);
      stop.signal.addEventListener('abort', stopped, { once: true });
      void orders.then(stopped, stopped);
    });
  }
}

function detailOf(thrown: unknown): { detail: string } | undefined {
  if (!(thrown instanceof HoldfastError)) return undefined;
  return { detail: (isLaunchCode(thrown.code) ? (thrown.detail ?? '') : thrown.message).slice(0, 1_000) };
}
