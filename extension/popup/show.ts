/** Updates the popup's page from the model. Controls stay the same elements, so focus is never lost. */
import { hostOf } from '#core/machines/login-watch-states';
import { element, glyph } from '../pages/elements.ts';
import type { PageAction, PopupModel } from '../pages/messages.ts';
import { type Hop, head, hops, type Look } from './hops.ts';
import { timeWords } from './time-words.ts';

const GLYPHS: Readonly<Record<Look, string>> = { '': 'g-check', wait: 'g-clock', stop: 'g-cross', none: 'g-dash' };

export function show(model: PopupModel, send: (action: PageAction) => void): void {
  const [first] = model.workspaces;
  const { words, look } = head(model);
  element('name', HTMLHeadingElement).textContent = first?.name ?? 'Holdfast';
  element('place', HTMLParagraphElement).textContent = first === undefined ? 'No Workspace set up yet' : hostOf(first.url);
  const state = element('state', HTMLSpanElement);
  state.className = `state ${look}`;
  state.textContent = words;
  const now = Date.now();
  const all = hops(model, (at) => timeWords(at, now));
  element('hops', HTMLOListElement).replaceChildren(...all.map(item));
  showCopy(all.find(({ details }) => details !== undefined)?.details);
  showTimeout(model);
  showWorkspaces(model, send);
  element('version', HTMLSpanElement).textContent = `${model.managed ? 'Managed · ' : ''}Holdfast ${model.version}`;
}

function item(hop: Hop): HTMLLIElement {
  const li = document.createElement('li');
  li.className = hop.look;
  li.append(glyph(GLYPHS[hop.look]), span('name', hop.name), span('value', hop.value));
  if (hop.why !== undefined) {
    const why = document.createElement('p');
    why.className = 'why';
    why.textContent = hop.why;
    li.append(why);
  }
  return li;
}

/** One button for the hop that needs the person: it stays the same, so it keeps the focus. */
function showCopy(details: string | undefined): void {
  const button = element('copy', HTMLButtonElement);
  button.hidden = details === undefined;
  button.value = details ?? '';
}

function span(kind: string, text: string): HTMLSpanElement {
  const made = document.createElement('span');
  made.className = kind;
  made.textContent = text;
  return made;
}

function showTimeout({ timeout }: PopupModel): void {
  element('on', HTMLInputElement).checked = timeout.on;
  element('setting', HTMLFieldSetElement).disabled = timeout.locked;
  element('own', HTMLSpanElement).hidden = timeout.locked;
  element('own', HTMLSpanElement).textContent = timeout.on
    ? 'Offer to work offline when sign-in takes longer than this.'
    : 'Off: Holdfast asks each time you go to the Workspace.';
  element('managed', HTMLSpanElement).hidden = !timeout.locked;
  for (const radio of document.querySelectorAll<HTMLInputElement>('#choices input'))
    radio.checked = radio.value === String(timeout.seconds);
}

function showWorkspaces(model: PopupModel, send: (action: PageAction) => void): void {
  element('about-offline', HTMLParagraphElement).textContent =
    'error' in model.host ? 'Shows your saved list. Opening needs the host.' : 'Opens your saved list without signing in.';
  element('offline-part', HTMLElement).hidden = model.workspaces.length === 0;
  const list = element('workspaces', HTMLDivElement);
  const key = JSON.stringify(model.workspaces);
  if (list.dataset['shown'] === key) return;
  list.dataset['shown'] = key;
  list.replaceChildren(
    ...model.workspaces.map(({ url, name }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button wide';
      button.textContent = `Go to ${name}`;
      button.addEventListener('click', () => send({ do: 'go-to-workspace', workspace: url }));
      return button;
    }),
  );
}
