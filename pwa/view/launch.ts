/**
 * What the launch panel shows: a pure step from the host's events to steps, note and outcome.
 *
 *   asking (the Workspace, for a ticket) -> finding -> checking -> choosing -> redeeming -> opening -> running | ended
 */

import { describeError, HoldfastError, isLaunchCode, type Mend, toWireError, type WireError } from '#protocol/errors';
import type { FeedResource } from '#protocol/feed';
import type { LaunchEvent, LaunchPhase, RunningSession } from '#protocol/host';
import type { LaunchMode } from '#protocol/primitives';
import type { WordsFor } from './error-words.ts';
import type { Item } from './list.ts';

export type PanelPhase = 'asking' | Exclude<LaunchPhase, 'ended'>;

export interface LaunchView {
  /** of the tile that it began at */
  readonly key: string;
  readonly resource: FeedResource;
  readonly correlationId: string;
  readonly mode: 'asking' | LaunchMode;
  readonly phase: PanelPhase;
  readonly detail: string | undefined;
  /** when each phase was entered; milliseconds since 1970 */
  readonly entered: Readonly<Partial<Record<PanelPhase, number>>>;
  readonly end: LaunchEnd | undefined;
  readonly cancelling: boolean;
  /** it was open already: a second window comes */
  readonly again: boolean;
  /** the viewer waits for the person */
  readonly asks: boolean;
}
export type LaunchEnd =
  | { readonly is: 'open'; readonly session: RunningSession | undefined }
  | { readonly is: 'cancelled' }
  | { readonly is: 'failed'; readonly error: WireError };

export interface Step {
  readonly words: string;
  readonly state: 'done' | 'now' | 'failed' | 'to-come';
  readonly detail: string | undefined;
  /** duration in milliseconds, so far if it is running */
  readonly took: number | undefined;
}

const LEASE_STEPS = ['finding', 'checking', 'choosing', 'redeeming', 'opening'] as const satisfies readonly PanelPhase[];
const TICKET_STEPS = ['asking', 'choosing', 'redeeming', 'opening'] as const satisfies readonly PanelPhase[];
const ORDER: readonly PanelPhase[] = ['asking', 'finding', 'checking', 'choosing', 'redeeming', 'opening', 'running'];

const VIEWER = { ssh: 'terminal', vnc: 'viewer', rdp: 'viewer' } as const;

export function beginLaunch(
  { key, resource }: Pick<Item, 'key' | 'resource'>,
  correlationId: string,
  mode: 'asking' | 'lease',
  at: number,
  again = false,
): LaunchView {
  const phase = mode === 'asking' ? 'asking' : 'finding';
  const begun = { key, resource, correlationId, mode, phase, detail: undefined, entered: { [phase]: at }, end: undefined } as const;
  return { ...begun, cancelling: false, again, asks: false };
}

/** The Workspace answered, or not: continues by ticket or by lease. */
export function handedOver(view: LaunchView, mode: LaunchMode, correlationId: string, at: number): LaunchView {
  return mode === 'ticket' ? { ...view, mode, correlationId } : { ...enter(view, 'finding', undefined, at), mode };
}

/** One `launch` event of the host. An ended view does not change. */
export function stepLaunch(view: LaunchView, event: LaunchEvent, at: number): LaunchView {
  if (view.end !== undefined || event.correlationId !== view.correlationId) return view;
  if (event.phase === 'running')
    return { ...enter(view, 'running', event.detail, at), mode: event.mode, end: { is: 'open', session: event.session } };
  if (event.phase === 'ended')
    return event.error === undefined ? { ...view, end: { is: 'open', session: undefined } } : failLaunch(view, event.error);
  return { ...enter(view, event.phase, event.detail, at), mode: event.mode, asks: event.asks === true };
}

export function failLaunch(view: LaunchView, error: WireError): LaunchView {
  return { ...view, end: error.code === 3024 ? { is: 'cancelled' } : { is: 'failed', error } };
}

export function stepsOf(view: LaunchView, now: number): readonly Step[] {
  const phases: readonly PanelPhase[] = view.mode === 'lease' ? LEASE_STEPS : TICKET_STEPS;
  const at = stepIndex(view, phases);
  return phases.map((phase, index) => {
    const open = view.end?.is === 'open';
    const state = index < at || open ? 'done' : index > at ? 'to-come' : view.end === undefined ? 'now' : 'failed';
    const entered = view.entered[phase];
    const left =
      phases
        .slice(index + 1)
        .map((later) => view.entered[later])
        .find((time) => time !== undefined) ?? view.entered.running;
    const took = entered === undefined || state === 'to-come' ? undefined : Math.max(0, (left ?? now) - entered);
    return {
      words: wordsOf(phase, view),
      state,
      detail: state === 'now' ? view.detail : undefined,
      took: took !== undefined && took >= 100 ? took : undefined,
    };
  });
}

/** "Step 3 of 5: choosing a location" */
export function stepLine(view: LaunchView): string {
  if (view.asks) return `The ${viewerOf(view)} is waiting for you to sign in`;
  const phases: readonly PanelPhase[] = view.mode === 'lease' ? LEASE_STEPS : TICKET_STEPS;
  const index = stepIndex(view, phases);
  const words = wordsOf(phases[index] ?? 'opening', view);
  const lower = words.charAt(0).toLowerCase() + words.slice(1);
  return `Step ${index + 1} of ${phases.length}: ${lower}`;
}

/** One thing to do: what, in a few words, and what it brings. */
export interface Remedy {
  readonly what: string;
  readonly brings: string;
}

const BRINGS: Readonly<Partial<Record<Mend, Remedy>>> = {
  reconnect: { what: 'Reconnect and sign in.', brings: 'Your access is renewed as you sign in; nobody has to approve it.' },
  again: { what: 'Try again.', brings: 'It may be over by now.' },
  desk: { what: 'If it stays so,', brings: 'call your service desk and read out the ID below.' },
};

/** What to do, step by step: what mends it, told at length where it is one of the usual ways; else the catalogue's remedy. */
export function remedies(error: WireError, words: WordsFor): readonly Remedy[] {
  const { mends } = describeError(error.code);
  if (!isLaunchCode(error.code)) return [{ what: words(error).remedy, brings: '' }];
  // Alone, the service desk is the first thing to do, not the last.
  if (mends.length === 1 && mends[0] === 'desk') return [{ what: 'Call your service desk', brings: 'and read out the ID below.' }];
  return mends.flatMap((mend) => BRINGS[mend] ?? []);
}

/** What happened, and what exactly. */
export function sentence(error: WireError, words: WordsFor): string {
  const { says, detail } = words(error);
  return `${says} ${detail}`.trim();
}

/** What the panel offers after a failure, before all: reconnecting in an outage, where that mends it; else another try. */
export function wayOn(error: WireError, item: Pick<Item, 'opens'> | undefined, offline: boolean): 'reconnect' | 'again' | 'none' {
  if (offline && describeError(error.code).mends.includes('reconnect')) return 'reconnect';
  return item !== undefined && mayBeTried(item) ? 'again' : 'none';
}

/** A location's refusal may be over by now. */
function mayBeTried({ opens }: Pick<Item, 'opens'>): boolean {
  return opens.can === 'open' || (opens.can === 'not' && (opens.reason.why === 'refused' || opens.reason.why === 'unreachable'));
}

/** "3006", or nothing for words that only programs use */
export function codeOf(error: WireError): string | undefined {
  return isLaunchCode(error.code) ? String(error.code) : undefined;
}

/** A denial of the Workspace, told like the host's own: 3022 with the reason. */
export function deniedByWorkspace({ code, correlationId }: WireError): WireError {
  const reason = code === 'blocked' ? 'blocked' : code === 'not_entitled' ? 'not-entitled' : 'workspace';
  return toWireError(new HoldfastError(3022, { reason }, { correlationId }));
}

function enter(view: LaunchView, phase: PanelPhase, detail: string | undefined, at: number): LaunchView {
  return { ...view, phase, detail, entered: { ...view.entered, [phase]: view.entered[phase] ?? at } };
}

/** The current step. A phase outside the list belongs to the step before the next listed phase. */
function stepIndex(view: LaunchView, phases: readonly PanelPhase[]): number {
  const order = ORDER.indexOf(view.phase);
  const index = phases.findLastIndex((phase) => ORDER.indexOf(phase) <= order);
  return Math.max(0, index);
}

function wordsOf(phase: PanelPhase, view: LaunchView): string {
  switch (phase) {
    case 'asking':
      return view.phase === 'asking' ? 'Asking the Workspace' : 'The Workspace agreed';
    case 'finding':
      return view.phase === 'finding' ? 'Looking for saved access' : 'Saved access found';
    case 'checking':
      return view.phase === 'checking' ? 'Checking on this device' : 'Checked on this device';
    case 'choosing':
      return 'Choosing a location';
    case 'redeeming':
      return 'Asking the location for a session';
    case 'opening':
    case 'running':
      return `Opening the ${viewerOf(view)}`;
  }
}

function viewerOf({ resource }: LaunchView): string {
  return resource.kind === 'web' ? 'page' : VIEWER[resource.protocol];
}
