/** The seven hops from the portal to the viewer, each with its state and last error (B-E14). Pure. */
import { causes } from '#protocol/words/language';
import type { HostFacts, PopupModel, PortalFacts, SavedFacts } from '../pages/messages.ts';
import { openOfList } from '../workspaces/open-of-list.ts';

/** `''` works, `wait` an outage, `stop` needs the person, `none` not known yet. */
export type Look = '' | 'wait' | 'stop' | 'none';
export interface Hop {
  readonly name: string;
  readonly value: string;
  readonly look: Look;
  readonly why?: string;
  /** what "Copy details" copies, for whoever helps */
  readonly details?: string;
}
/** Turns a time into words: "10:42", "yesterday, 15:05". */
export type TimeWords = (at: number) => string;

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function portalHop(portal: PortalFacts, time: TimeWords): Hop {
  const name = 'Portal';
  switch (portal.state) {
    case 'looking':
      return { name, value: 'looking', look: 'none' };
    case 'live':
      return { name, value: `live · ${portal.ms} ms`, look: '' };
    case 'identity-down':
      return {
        name,
        value: 'sign-in is down',
        look: 'wait',
        why: 'The Workspace answers, its sign-in doesn’t. Saved access works meanwhile.',
      };
    case 'silent':
      return {
        name,
        value: 'no answer',
        look: 'wait',
        why: `${capital(causes[portal.cause])} at ${time(portal.at)}. Saved access works meanwhile.`,
      };
  }
}

const none = (name: string, value: string): Hop => ({ name, value, look: 'none' });
const good = (name: string, value: string): Hop => ({ name, value, look: '' });
const stop = (name: string, value: string, why: string, details: string): Hop => ({ name, value, look: 'stop', why, details });

function hostHops(host: HostFacts): Hop[] {
  const setup = 'Host setup';
  const program = 'Host program';
  const answer = 'Host answer';
  switch (host.state) {
    case 'closed':
    case 'connecting':
      return [none(setup, 'looking'), none(program, 'looking'), none(answer, 'waits')];
    case 'ready':
      return [good(setup, 'found'), good(program, 'running'), good(answer, `version ${host.v} · ${host.roundTripMs} ms`)];
    case 'missing':
      return [stop(setup, 'not found', host.error, host.details), none(program, 'waits'), none(answer, 'waits')];
    case 'forbidden':
      return [stop(setup, 'for another browser', host.error, host.details), none(program, 'waits'), none(answer, 'waits')];
    case 'crashed':
      return [good(setup, 'found'), stop(program, 'stopped', host.error, host.details), none(answer, 'waits')];
    case 'version':
      return [good(setup, 'found'), good(program, 'running'), stop(answer, 'incompatible', host.error, host.details)];
  }
}

function leasesHop(saved: SavedFacts | null, time: TimeWords): Hop {
  const name = 'Saved access';
  if (saved === null) return none(name, 'unknown');
  const opens = `opens ${openOfList(saved)}`;
  const count = saved.ended > 0 ? `${opens}, ${saved.ended} ended` : opens;
  if (saved.failure !== undefined) return { name, value: count, look: 'wait', why: `It couldn’t be renewed. ${saved.failure}` };
  if (saved.valid > 0)
    return good(name, saved.ended === 0 && saved.lastSuccess !== undefined ? `${count} · ${time(saved.lastSuccess)}` : count);
  if (saved.ended > 0) return { name, value: count, look: 'wait', why: 'Saved access has ended. Sign in while the Workspace answers.' };
  return { name, value: 'none yet', look: 'none', why: 'It is saved when you sign in.' };
}

function viewerHop(saved: SavedFacts | null): Hop {
  const name = 'Viewer';
  if (saved === null) return none(name, 'unknown');
  const found = saved.viewers.filter((viewer) => viewer.found);
  const missing = saved.viewers.filter((viewer) => !viewer.found);
  const [first] = missing;
  if (found.length === 0) {
    const { remedy, details } = first ?? { remedy: 'Ask your service desk to install a viewer.', details: 'error: missing_viewer' };
    return stop(name, 'none found', remedy, details);
  }
  const names = [...new Set(found.map((viewer) => viewer.name))].join(', ');
  return good(
    name,
    missing.length === 0 ? names : `${names} · none for ${missing.map((viewer) => viewer.protocol.toUpperCase()).join(', ')}`,
  );
}

export function hops(model: PopupModel, time: TimeWords): readonly Hop[] {
  return [
    model.workspaces.length === 0 ? none('Portal', 'no Workspace set up') : portalHop(model.portal, time),
    good('Extension', model.version),
    ...hostHops(model.host),
    leasesHop(model.saved, time),
    viewerHop(model.saved),
  ];
}

const HOST_HEAD = { missing: 'Host missing', forbidden: 'Host refuses', crashed: 'Host stopped', version: 'Incompatible host' } as const;

/** The state in the popup's head. */
export function head(model: PopupModel): { readonly words: string; readonly look: Look } {
  const { host, portal } = model;
  if ('error' in host) return { words: HOST_HEAD[host.state], look: 'stop' };
  if (model.workspaces.length === 0) return { words: 'No Workspace', look: 'none' };
  if (portal.state === 'silent' || model.offline) return { words: 'Offline', look: 'wait' };
  if (portal.state === 'identity-down') return { words: 'Sign-in is down', look: 'wait' };
  if (model.saved !== null && !model.saved.viewers.some((viewer) => viewer.found)) return { words: 'No viewer', look: 'stop' };
  return portal.state === 'looking' || host.state !== 'ready' ? { words: 'Looking', look: 'none' } : { words: 'Ready', look: '' };
}
