/**
 * Portal page and extension. The page dispatches `PAGE_CONNECT` with a MessagePort on `window`; the content bridge takes it
 * over and relays to the background, which adds the Workspace (the tab's origin, as reported by the browser) and checks the sender.
 * Requests are those of `PAGE`; most are passed on to the host. Everything from the page is treated as hostile.
 */
import * as v from 'valibot';
import { Cause } from './causes.ts';
import { WireError } from './errors.ts';
import { type HOST, HostEvent } from './host.ts';
import { Count, Name } from './primitives.ts';

/** `type` of the window message whose only port becomes the channel; `v` is the page's `VERSION.host`. */
export const PAGE_CONNECT = 'holdfast:connect';
/** Set on `<html>` by the content bridge at document start: the extension's version. */
export const PAGE_ATTRIBUTE = 'data-holdfast-extension';
/**
 * A page without the mark requests this from its own origin, whether or not anything answers: the extension sees the request and
 * injects the bridge. So a page gets the right answer even where the extension does not know its Workspace (yet).
 */
export const PAGE_CALL = '/.well-known/holdfast/health';

const toHost = <K extends keyof typeof HOST>(type: K) => ({ passedOn: true as const, type });

/** What a page may ask. `host`: forwarded to the native host with the Workspace added. */
export const PAGE = {
  challenge: toHost('challenge'),
  bind: toHost('bind'),
  describeDevice: toHost('describeDevice'),
  sync: toHost('sync'),
  leases: toHost('leases'),
  launch: toHost('launch'),
  cancel: toHost('cancel'),
  sessions: toHost('sessions'),
  signOut: toHost('signOut'),
  /** the portal's state: drives the login watch and the toolbar icon; name and number of resources are shown in popup and prompt */
  portalState: {
    passedOn: false as const,
    request: v.object({
      state: v.picklist(['signing-in', 'online', 'degraded', 'offline', 'reconnecting']),
      workspaceName: v.optional(Name),
      resources: v.optional(Count),
    }),
    reply: v.object({}),
  },
  /** a look at the Workspace's health document; `cause`: why it, or the sign-in behind it, does not answer */
  health: {
    passedOn: false as const,
    request: v.object({}),
    reply: v.object({ cause: v.optional(v.fallback(Cause, 'network')) }),
  },
  /** one log file with the lines of extension, host and page */
  logs: {
    passedOn: false as const,
    request: v.object({ lines: v.pipe(v.array(v.pipe(v.string(), v.maxLength(2_000))), v.maxLength(2_000)) }),
    reply: v.object({ text: v.string() }),
  },
} as const;
export type PageRequestType = keyof typeof PAGE;

/** Envelope, page to extension. */
export const PageRequest = v.object({
  v: Count,
  id: Count,
  type: v.picklist(Object.keys(PAGE) as PageRequestType[]),
  body: v.record(v.string(), v.unknown()),
});
export type PageRequest = v.InferOutput<typeof PageRequest>;

/** Extension to page: a reply, a refusal, an event of the host or of the extension. */
export const PageMessage = v.union([
  v.object({ id: Count, body: v.unknown() }),
  v.object({ id: Count, error: WireError }),
  HostEvent,
  v.object({
    event: v.literal('host'),
    state: v.picklist(['ready', 'missing', 'version', 'crashed', 'forbidden']),
    error: v.optional(WireError),
  }),
  /** the person chose "Use Workspace offline", or the extension saw the Workspace come back */
  v.object({
    event: v.literal('workspace'),
    state: v.picklist(['work-offline', 'outage', 'back']),
    cause: v.optional(v.fallback(Cause, 'network')),
  }),
]);
export type PageMessage = v.InferOutput<typeof PageMessage>;

/** The portal opens in offline mode, by choice, at this path of the Workspace's origin. */
export const OFFLINE_PATH = '/?offline=choice';
