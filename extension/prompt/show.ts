/** Updates the prompt window from the model; unchanged text is not touched, so it is not read out again. */

import { element } from '../pages/elements.ts';
import type { PromptModel } from '../pages/messages.ts';
import { timeWords } from '../popup/time-words.ts';
import { promptWords } from './words.ts';

let shown = '';

export function show(model: PromptModel): void {
  const now = Date.now();
  const words = promptWords(model, (at) => timeWords(at, now));
  const key = JSON.stringify([words, model.back]);
  if (key === shown) return;
  const first = shown === '';
  shown = key;
  document.title = words.title;
  element('from', HTMLSpanElement).textContent = words.from;
  element('title', HTMLHeadingElement).textContent = words.title;
  element('text', HTMLParagraphElement).replaceChildren(...pieces(words.text));
  element('offline-way', HTMLDivElement).hidden = words.offline === null;
  element('about-offline', HTMLParagraphElement).textContent = words.offline;
  element('about-again', HTMLParagraphElement).textContent = words.again;
  element('keep-way', HTMLDivElement).hidden = words.keep === null;
  element('about-keep', HTMLParagraphElement).textContent = words.keep;
  element('last', HTMLParagraphElement).textContent = words.last;
  const signInFirst = words.offline === null || model.back;
  element('offline', HTMLButtonElement).classList.toggle('main', !signInFirst);
  element('again', HTMLButtonElement).classList.toggle('main', signInFirst);
  if (!first) return;
  for (const main of document.querySelectorAll('main')) main.hidden = false;
  element('title', HTMLHeadingElement).focus();
}

function pieces(text: string): (string | HTMLSpanElement)[] {
  return text.split(/[<>]/u).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const kept = document.createElement('span');
    kept.className = 'keep';
    kept.textContent = piece;
    return kept;
  });
}
