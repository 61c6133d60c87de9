/**
 * Merges two browser interfaces. webRequest and webNavigation report the same navigation in either order,
 * one of them sometimes not at all (a page served by a service worker has no request; a hung tab has no navigation event),
 * so each navigation gets a number and its events are joined. Pure; the caller keeps each tab's note.
 */
import type { Cause } from '#protocol/causes';
import { causeOf } from './failure.ts';

/** The newest main-frame navigation of a tab. */
export interface Note {
  readonly number: number;
  readonly url: string;
  /** webRequest's id, once reported */
  readonly request: string | null;
  /** reported by webNavigation */
  readonly begun: boolean;
  /** neither committed nor failed yet */
  readonly open: boolean;
}

export type Raw =
  | { readonly kind: 'request-begins'; readonly url: string; readonly request: string; readonly initiator: string | null }
  | { readonly kind: 'navigation-begins'; readonly url: string }
  /** found by the scan of tabs: already loading when the worker started */
  | { readonly kind: 'found'; readonly url: string }
  | { readonly kind: 'committed'; readonly url: string; readonly transition: string; readonly qualifiers: readonly string[] }
  | { readonly kind: 'request-fails'; readonly url: string; readonly request: string; readonly error: string }
  | { readonly kind: 'navigation-fails'; readonly url: string; readonly error: string }
  | { readonly kind: 'request-completes'; readonly url: string; readonly request: string; readonly status: number };

export type Signal =
  | { readonly type: 'workspace'; readonly url: string; readonly number: number; readonly by: 'person' | 'page' | 'unknown' }
  | { readonly type: 'hop'; readonly url: string }
  | { readonly type: 'left' }
  | { readonly type: 'failed'; readonly url: string; readonly cause: Cause; readonly status?: number };

export interface Observed {
  readonly note: Note | null;
  readonly signal: Signal | null;
}

/** Transitions that a person starts. `reload` counts: it requests the address again. */
const BY_PERSON = new Set(['typed', 'generated', 'keyword', 'keyword_generated', 'auto_bookmark', 'reload', 'start_page', 'auto_toplevel']);
const BY_PAGE_AFTER_ALL = new Set(['client_redirect', 'server_redirect']);

/** Whether a person started the committed navigation. */
export function isByPerson({ transition, qualifiers }: Extract<Raw, { kind: 'committed' }>): boolean {
  return BY_PERSON.has(transition) && !qualifiers.some((qualifier) => BY_PAGE_AFTER_ALL.has(qualifier));
}

/** `isWorkspace` tells which URLs belong to a Workspace. */
export function observe(note: Note | null, raw: Raw, isWorkspace: (url: string) => boolean): Observed {
  switch (raw.kind) {
    case 'request-begins':
      return requestBegins(note, raw, isWorkspace);
    case 'found':
    case 'navigation-begins':
      return navigationBegins(note, raw, isWorkspace);
    case 'committed':
      return committed(note, raw, isWorkspace);
    case 'request-fails':
      return note?.request === raw.request ? failed(note, raw.url, causeOf(raw.error)) : { note, signal: null };
    case 'navigation-fails':
      return note?.open === true ? failed(note, raw.url, causeOf(raw.error)) : { note, signal: null };
    case 'request-completes':
      if (note?.request !== raw.request || raw.status < 500) return { note, signal: null };
      return { note, signal: { type: 'failed', url: raw.url, cause: 'server-error', status: raw.status } };
  }
}

function requestBegins(note: Note | null, raw: Extract<Raw, { kind: 'request-begins' }>, isWorkspace: (url: string) => boolean): Observed {
  const { url, request } = raw;
  const ours = isWorkspace(url);
  if (note?.request === request) {
    return { note, signal: ours ? { type: 'workspace', url, number: note.number, by: 'page' } : { type: 'hop', url } };
  }
  const joins = note?.open === true && note.url === url && note.request === null;
  const mine: Note = joins ? { ...note, request } : { number: (note?.number ?? 0) + 1, url, request, begun: false, open: true };
  const by = raw.initiator === null ? 'person' : 'page';
  if (ours) return { note: mine, signal: { type: 'workspace', url, number: mine.number, by } };
  return { note: mine, signal: by === 'person' ? { type: 'left' } : { type: 'hop', url } };
}

function navigationBegins(note: Note | null, raw: { kind: string; url: string }, isWorkspace: (url: string) => boolean): Observed {
  const begun = raw.kind === 'navigation-begins';
  if (note?.open === true && note.url === raw.url && !note.begun) return { note: { ...note, begun }, signal: null };
  if (!isWorkspace(raw.url)) return { note, signal: null };
  const mine: Note = { number: (note?.number ?? 0) + 1, url: raw.url, request: null, begun, open: true };
  return { note: mine, signal: { type: 'workspace', url: raw.url, number: mine.number, by: 'unknown' } };
}

function committed(note: Note | null, raw: Extract<Raw, { kind: 'committed' }>, isWorkspace: (url: string) => boolean): Observed {
  const person = isByPerson(raw);
  const followed = note?.open === true;
  const closed: Note | null = note === null ? null : { ...note, open: false };
  if (isWorkspace(raw.url)) {
    const mine: Note =
      closed !== null && followed ? closed : { number: (note?.number ?? 0) + 1, url: raw.url, request: null, begun: true, open: false };
    return { note: mine, signal: { type: 'workspace', url: raw.url, number: mine.number, by: person ? 'person' : 'page' } };
  }
  if (person && !(followed && note.request !== null)) return { note: closed, signal: { type: 'left' } };
  return { note: closed, signal: { type: 'hop', url: raw.url } };
}

function failed(note: Note, url: string, cause: Cause | null): Observed {
  return { note: { ...note, open: false }, signal: cause === null ? null : { type: 'failed', url, cause } };
}
