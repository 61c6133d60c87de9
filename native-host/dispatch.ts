/** Dispatches every request but `hello`. A request for an unknown Workspace, or for a person who is not bound, is refused here. */
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { HOST, type HostEvent, type HostMessage, type HostRequest, type HostRequestType } from '#protocol/host';
import { parse } from '#protocol/parse';
import { isBound, mustBeBound } from './binding.ts';
import { ensureKnownWorkspace } from './config.ts';
import { bind } from './handlers/bind.ts';
import { cancel } from './handlers/cancel.ts';
import { challenge } from './handlers/challenge.ts';
import { describeDevice } from './handlers/describe-device.ts';
import type { Handler } from './handlers/handler.ts';
import { launch } from './handlers/launch.ts';
import { leases } from './handlers/leases.ts';
import { logs } from './handlers/logs.ts';
import { sessions } from './handlers/sessions.ts';
import { signOut } from './handlers/sign-out.ts';
import { status } from './handlers/status.ts';
import { sync } from './handlers/sync.ts';
import { type Host, openHost } from './host.ts';
import { removeStaleSessions } from './session/stale-sessions.ts';
import type { Startup } from './startup-checks.ts';

type Handled = Exclude<HostRequestType, 'hello'>;
const HANDLERS: { readonly [K in Handled]: Handler<K> } = {
  challenge,
  bind,
  status,
  describeDevice,
  sync,
  leases,
  launch,
  cancel,
  sessions,
  signOut,
  logs,
};

export async function openDispatch(
  admitted: Startup,
  send: (message: HostMessage) => void,
  signal: AbortSignal,
  profile: () => string | undefined,
): Promise<(request: HostRequest) => Promise<unknown>> {
  // One after the other: events stay in order.
  let telling: Promise<unknown> = Promise.resolve();
  const tell = (event: HostEvent) => {
    telling = telling.then(async () => (await isBound(host, event)) && !signal.aborted && send(event)).catch(() => {});
  };
  const host = await openHost(admitted, tell, signal, { profile });
  void removeStaleSessions(host.home, Date.now()).catch((error: unknown) => host.log.error('sweep', error));
  return ({ type, body }) => {
    if (type === 'hello') throw new HoldfastError('bad_request');
    return answer(host, type, body);
  };
}

async function answer<K extends Handled>(host: Host, type: K, body: unknown): Promise<unknown> {
  const named = v.safeParse(v.object({ workspace: v.string() }), body);
  if (named.success) ensureKnownWorkspace(host.config, named.output.workspace);
  const declared: (typeof HOST)[K] = HOST[type];
  const handler: Handler<K> = HANDLERS[type];
  try {
    const request = parse(declared.request, body);
    if ('subject' in request) await mustBeBound(host, request);
    return await handler(host, request);
  } catch (error) {
    if (!(error instanceof HoldfastError)) host.log.error(type, error);
    throw error;
  }
}
