/**
 * Messages between the extension's own pages and its worker, over a runtime port named `popup` or `prompt:<tab>`.
 * The worker sends a whole model on every change; pages send one of `PageAction`.
 */
import * as v from 'valibot';
import { Reason } from '#core/machines/login-watch-states';
import { Cause } from '#protocol/causes';
import { SessionProtocol } from '#protocol/primitives';
import { OwnTimeout } from '../watch/login-timeout.ts';
import { Workspace } from '../workspaces/policy.ts';

const HostFacts = v.variant('state', [
  v.object({ state: v.picklist(['closed', 'connecting']) }),
  v.object({ state: v.literal('ready'), host: v.string(), v: v.number(), roundTripMs: v.number() }),
  v.object({ state: v.picklist(['missing', 'forbidden', 'crashed', 'version']), error: v.string(), details: v.string(), at: v.number() }),
]);
const PortalFacts = v.variant('state', [
  v.object({ state: v.literal('looking') }),
  v.object({ state: v.literal('live'), ms: v.number() }),
  v.object({ state: v.literal('identity-down'), ms: v.number() }),
  v.object({ state: v.literal('silent'), cause: Cause, at: v.number() }),
]);
const SavedFacts = v.object({
  valid: v.number(),
  ended: v.number(),
  /** that open now, of all in the portal's list where a portal has said how many these are */
  opens: v.number(),
  listed: v.optional(v.number()),
  lastSuccess: v.optional(v.number()),
  /** the last sync failed */
  failure: v.optional(v.string()),
  viewers: v.array(
    v.variant('found', [
      v.object({ found: v.literal(true), protocol: SessionProtocol, name: v.string() }),
      /** `remedy`: what to do; `details`: to be copied */
      v.object({ found: v.literal(false), protocol: SessionProtocol, name: v.string(), remedy: v.string(), details: v.string() }),
    ]),
  ),
});
export type HostFacts = v.InferOutput<typeof HostFacts>;
export type PortalFacts = v.InferOutput<typeof PortalFacts>;
export type SavedFacts = v.InferOutput<typeof SavedFacts>;

export const PopupModel = v.object({
  version: v.string(),
  managed: v.boolean(),
  /** first the Workspace that the hops belong to, then the others */
  workspaces: v.array(Workspace),
  timeout: v.object({ ...OwnTimeout.entries, locked: v.boolean() }),
  portal: PortalFacts,
  /** a portal page is open and offline */
  offline: v.boolean(),
  host: HostFacts,
  saved: v.nullable(SavedFacts),
});
export type PopupModel = v.InferOutput<typeof PopupModel>;

export const PromptModel = v.object({
  workspaceName: v.string(),
  workspace: v.string(),
  reason: Reason,
  /** `unknown`: the host has not said yet; `no-host`: it cannot say */
  saved: v.variant('known', [
    v.object({ known: v.literal('yes'), valid: v.number(), opens: v.number(), listed: v.optional(v.number()) }),
    v.object({ known: v.picklist(['unknown', 'no-host']) }),
  ]),
  /** the Workspace has answered again since the window opened */
  back: v.boolean(),
});
export type PromptModel = v.InferOutput<typeof PromptModel>;

export const PageAction = v.variant('do', [
  v.object({ do: v.literal('set-timeout'), timeout: OwnTimeout }),
  v.object({ do: v.literal('go-to-workspace'), workspace: v.string() }),
  v.object({ do: v.literal('logs') }),
  v.object({ do: v.literal('choose'), choice: v.picklist(['offline', 'again', 'keep']) }),
  /** probe the Workspace again now */
  v.object({ do: v.literal('look') }),
]);
export type PageAction = v.InferOutput<typeof PageAction>;

/** To the popup. */
export const PopupMessage = v.variant('is', [
  v.object({ is: v.literal('popup'), model: PopupModel }),
  v.object({ is: v.literal('logs'), text: v.string() }),
]);
export type PopupMessage = v.InferOutput<typeof PopupMessage>;

/** To a prompt window. */
export const PromptMessage = v.object({ is: v.literal('prompt'), model: PromptModel });
export type PromptMessage = v.InferOutput<typeof PromptMessage>;
