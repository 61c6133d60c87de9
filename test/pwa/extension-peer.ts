/**
 * Stands in for content bridge, extension and host in the portal's tests: runs in the page before anything else and speaks
 * `protocol/page.ts`. Tests steer it through `window.peer`.
 */
export interface ExtensionPeerSettings {
  /** whose leases they are: the host has nothing for anybody else */
  readonly subject: string;
  readonly leases: readonly unknown[];
  readonly reachability: readonly unknown[];
  readonly sessions: readonly unknown[];
  /** how the host answers: not at all, or with this refusal to everything */
  readonly refusal?: { readonly code: string };
}

/** Runs inside the browser; refers to nothing outside itself. */
export function extensionPeer(settings: ExtensionPeerSettings): void {
  const mark = (): void => document.documentElement?.setAttribute('data-holdfast-extension', '0.2.0');
  if (document.documentElement === null)
    new MutationObserver((_, seen) => {
      if (document.documentElement !== null) {
        mark();
        seen.disconnect();
      }
    }).observe(document, { childList: true });
  else mark();
  const jwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
  const sync = { state: 'succeeded', lastSuccess: 1 };
  const peer = {
    asked: [] as { type: string; body: Record<string, unknown> }[],
    port: undefined as MessagePort | undefined,
    say: (event: unknown) => peer.port?.postMessage(event),
  };
  Object.assign(window, { peer });
  const replies: Record<string, (body: Record<string, unknown>) => unknown> = {
    challenge: () => ({ challenge: 'c'.repeat(22) }),
    bind: () => ({ subject: 'mara-0123456789' }),
    describeDevice: () => ({ sign: jwk, enc: jwk, claimsHardware: false, jkt: 'E'.repeat(43), proof: 'a.b.c' }),
    sync: () => ({ started: true, status: sync }),
    leases: (body) => ({
      items: body['subject'] === settings.subject ? settings.leases : [],
      reachability: settings.reachability,
      refusals: [],
      sync,
      disk: 'writable',
    }),
    launch: () => ({ accepted: true }),
    cancel: () => ({ cancelled: true }),
    sessions: () => ({ sessions: settings.sessions }),
    signOut: () => ({ deleted: settings.leases.length }),
    portalState: () => ({}),
    health: () => ({}),
    logs: (body) => ({ text: `extension line\n${String(body['lines'])}` }),
  };
  addEventListener('message', ({ data, ports }) => {
    if (data?.type !== 'holdfast:connect' || ports[0] === undefined) return;
    peer.port = ports[0];
    peer.port.onmessage = ({ data: request }) => {
      peer.asked.push({ type: request.type, body: request.body });
      if (settings.refusal !== undefined && request.type !== 'portalState') return peer.say({ id: request.id, error: settings.refusal });
      peer.say({ id: request.id, body: replies[request.type]?.(request.body) });
    };
  });
}
