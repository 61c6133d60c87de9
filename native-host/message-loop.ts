/**
 * One message in, one reply out, events in between, until the browser closes the port. `hello` needs only this file and the
 * configuration; everything else is loaded after its reply has gone.
 */
import type { Readable, Writable } from 'node:stream';
import * as v from 'valibot';
import { HoldfastError, toWireError } from '#protocol/errors';
import { HOST, type HostMessage, HostRequest } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { hello } from './handlers/hello.ts';
import type { Environment } from './home.ts';
import { checkStartup, ensureVersion, type Startup } from './startup-checks.ts';
import { messagesFrom, sendTo } from './stdio.ts';

export interface Served {
  readonly input: Readable;
  readonly output: Writable;
  /** what the browser passed, the extension's origin among them */
  readonly args: readonly string[];
  readonly env: Environment;
}

type Dispatch = (request: HostRequest) => Promise<unknown>;

/** Resolves with the exit code when the input ends: 0, or 1 after an unreadable frame or a refused caller. */
export async function serve({ input, output, args, env }: Served): Promise<number> {
  const send: (message: HostMessage) => void = sendTo(output);
  const stop = new AbortController();
  const admitted = checkStartup(args, env);
  admitted.catch(() => {});
  let loaded: Promise<Dispatch> | undefined;
  let profile: string | undefined;
  const rest = async (given: Startup): Promise<Dispatch> => {
    loaded ??= import('./dispatch.ts').then(({ openDispatch }) => openDispatch(given, send, stop.signal, () => profile));
    return loaded;
  };

  const reply = async (request: HostRequest): Promise<void> => {
    try {
      ensureVersion(request.v);
      const given = await admitted;
      const greet = (said: v.InferOutput<typeof HOST.hello.request>) => {
        profile = said.profile;
        return hello(given.config, said);
      };
      const body = request.type === 'hello' ? greet(parse(HOST.hello.request, request.body)) : await (await rest(given))(request);
      send({ v: VERSION.host, id: request.id, body });
      if (request.type === 'hello') setImmediate(() => void rest(given).catch(() => {}));
    } catch (error) {
      send({ v: VERSION.host, id: request.id, error: toWireError(error) });
      if (error instanceof HoldfastError && error.code === 'forbidden_caller') await admitted.catch(() => input.destroy());
    }
  };

  try {
    for await (const message of messagesFrom(input)) {
      const request = v.safeParse(HostRequest, message);
      if (request.success) void reply(request.output);
      else send({ v: VERSION.host, id: idOf(message), error: toWireError(new HoldfastError('bad_request')) });
    }
    return (await isAdmitted(admitted)) ? 0 : 1;
  } catch {
    // After an unreadable frame the rest is unreadable too. The browser sees the port close.
    return 1;
  } finally {
    stop.abort();
    await flushed(output);
  }
}

/** The id of a malformed request, so that its sender gets a reply; 0 when it has none. */
function idOf(message: unknown): number {
  const named = v.safeParse(v.object({ id: HostRequest.entries.id }), message);
  return named.success ? named.output.id : 0;
}

function isAdmitted(admitted: Promise<unknown>): Promise<boolean> {
  return admitted.then(
    () => true,
    () => false,
  );
}

function flushed(output: Writable): Promise<void> {
  return new Promise((resolve) => (output.destroyed ? resolve() : output.write('', () => resolve())));
}
