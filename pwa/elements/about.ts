/** "About NAME": details of one resource, on demand. One popover for all tiles, anchored to the pressed button. */
import { html, render, type TemplateResult } from 'lit';
import { openableOffline } from '#core/access/openable';
import type { AppState } from '../app/model.ts';
import type { Actions } from '../app/portal.ts';
import { circumstancesOf } from '../view/circumstances.ts';
import type { Item } from '../view/list.ts';
import { ago, dated, kindLine, noteOf, routeWords } from '../view/words.ts';
import { picture } from './glyphs.ts';

export function drawAbout(into: HTMLElement, item: Item, state: AppState, actions: Actions): void {
  render(
    about(item, state, actions, () => into.hidePopover()),
    into,
  );
}

function about(item: Item, state: AppState, actions: Actions, close: () => void): TemplateResult {
  const { resource } = item;
  const favourite = state.favourites.has(item.key);
  const toggle = (): void => {
    actions.favourite(item.key);
    close();
  };
  return html`<div class="panel-head">${picture(resource)}<div><h3 id="about-name">${resource.name}</h3><p>${kindLine(resource)}</p></div></div>
    <dl class="facts">${facts(item, state).map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
    <div class="menu-part"><button class="item" type="button" @click=${toggle}>${favourite ? 'Remove from favourites' : 'Add to favourites'}</button></div>`;
}

function facts(item: Item, state: AppState): readonly (readonly [string, string])[] {
  const { ref, resource } = item;
  const { leases, reachability, now } = state;
  const from = state.feeds.get(ref.feed);
  const offline = from === undefined ? undefined : openableOffline(resource, circumstancesOf(state, ref.feed, from));
  const inOutage =
    offline === undefined || offline.can === 'wait'
      ? 'not known yet'
      : offline.can === 'open'
        ? 'Opens'
        : (noteOf(offline, now)?.first ?? '');
  const lease = leases?.get(item.key);
  const found: (readonly [string, string])[] = [];
  if (item.opens.can === 'not' && item.opens.reason.why !== 'web') found.push(['Now', noteOf(item.opens, now)?.first ?? '']);
  found.push(['In an outage', inOutage]);
  if (lease === undefined) return found;
  found.push(
    ['Access saved', dated(lease.iat * 1_000, now)],
    [lease.exp * 1_000 > now ? 'Lasts until' : 'Ended', dated(lease.exp * 1_000, now)],
  );
  const locations = lease.locations.map((id) => reachability.get(id)).filter((location) => location !== undefined);
  const path = locations.find(({ state: is }) => is === 'reachable');
  const checked = (path ?? locations[0])?.checkedAt;
  const ms = path?.roundTripMs === undefined ? '' : `, ${path.roundTripMs} ms`;
  if (path !== undefined) found.push(['Path', `${path.name}${path.route === undefined ? '' : `, ${routeWords(path.route)}`}${ms}`]);
  else found.push(['Path', locations.some(({ state: is }) => is === 'unreachable') ? 'none found' : 'not checked yet']);
  if (checked !== undefined) found.push(['Checked', ago(checked, now)]);
  return found;
}
