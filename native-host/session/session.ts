/**
 * One session's process. Orders come from the native host while there is one: `prepare` early, `open` with the grant, then at
 * most `reopen` or `stop`. After `open` the process goes on without its host.
 */
import { rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { HoldfastError, toWireError } from '#protocol/errors';
import { type OpenOrder, type PrepareOrder, SESSION_LINE_BYTES, ToSession } from '#protocol/session-process';
import { asLaunchError } from '../launch/launch-code.ts';
import { linesFrom } from '../line-stream.ts';
import { openLog } from '../log.ts';
import { attach } from './attach.ts';
import { messagesTo } from './host-messages.ts';
import { type Prepared, prepare } from './prepare.ts';
import { serveViewer } from './serve-viewer.ts';
import type { SessionContext } from './session-context.ts';

/** Resolves with the exit code when the session is over and cleaned up. */
export async function runSession(home: string, input: Readable, output: Writable): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const log = openLog(home);
  const send = messagesTo(output);
  let folder: string | undefined;
  let prepared: Promise<Prepared | undefined> | undefined;
  let running: Promise<void> | undefined;
  let answerAgain = (_again: boolean): void => {};
  const askAgain = () =>
    new Promise<boolean>((resolve) => {
      answerAgain = resolve;
      // Without a host, nobody asks for it.
      void hostGone.then(() => resolve(false));
      stop.signal.addEventListener('abort', () => resolve(false), { once: true });
    });
  const context: SessionContext = { home, log, send, signal: stop.signal, askAgain };

  const obey = (order: ToSession): void => {
    switch (order.type) {
      case 'prepare':
        folder = order.folder;
        prepared ??= tryToPrepare(context, order);
        break;
      case 'open':
        running ??= tryToOpen(context, prepared, order).finally(() => stop.abort());
        break;
      case 'reopen':
        answerAgain(true);
        break;
      case 'stop':
        stop.abort();
    }
  };
  const hostGone = (async () => {
    try {
      for await (const order of linesFrom(input, ToSession, { line: SESSION_LINE_BYTES })) obey(order);
    } catch (error) {
      log.error('session: order', error);
      stop.abort();
    }
  })();
  // Before `open` there is nothing to keep alive: without the host the launch is over.
  void hostGone.then(() => running === undefined && stop.abort());
  await aborted(stop.signal);
  await running;
  if (folder !== undefined)
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => log.error('session: folder', error));
  return 0;
}

async function tryToPrepare({ log, send, signal }: SessionContext, order: PrepareOrder): Promise<Prepared | undefined> {
  try {
    return await prepare(order, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    log.error('session: viewer', error, order.correlationId);
    // What this device lacks no other session host has.
    send({ type: 'hopeless', error: toWireError(isMissingViewer(error) ? error : asLaunchError(error, 3026)) });
    return undefined;
  }
}

function isMissingViewer(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && error.code === 'missing_viewer';
}

async function tryToOpen(context: SessionContext, preparing: Promise<Prepared | undefined> | undefined, order: OpenOrder): Promise<void> {
  const prepared = await preparing;
  if (prepared === undefined) return;
  const { home, log, send, signal } = context;
  const { correlationId, key } = prepared;
  try {
    const attached = await attach(home, order, correlationId, key?.publicKey, signal);
    log.info(`session ${attached.answer.session} attached to ${order.sessionHost}`, correlationId);
    await serveViewer(context, prepared, order, attached);
  } catch (error) {
    if (signal.aborted) return;
    log.error('session', error, correlationId);
    send({ type: 'unmet', error: toWireError(asLaunchError(error, 3020)) });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
