/** What the person can do in the popup. */

import { is } from 'valibot';
import { element } from '../pages/elements.ts';
import type { PageAction } from '../pages/messages.ts';
import { Seconds } from '../watch/login-timeout.ts';

function chosen(): Extract<PageAction, { do: 'set-timeout' }> | null {
  const radio = document.querySelector<HTMLInputElement>('#choices input:checked');
  const seconds = Number(radio?.value);
  if (!is(Seconds, seconds)) return null;
  return { do: 'set-timeout', timeout: { on: element('on', HTMLInputElement).checked, seconds } };
}

/** The button says whether it worked, until the popup is opened again. */
async function copyDetails(button: HTMLButtonElement): Promise<void> {
  await navigator.clipboard.writeText(button.value).then(
    () => {
      button.textContent = 'Details copied';
    },
    () => {
      button.textContent = 'The browser does not allow copying';
    },
  );
}

export const controls = {
  listen(send: (action: PageAction) => void): void {
    element('setting', HTMLFieldSetElement).addEventListener('change', () => {
      const action = chosen();
      if (action !== null) send(action);
    });
    const copy = element('copy', HTMLButtonElement);
    copy.addEventListener('click', () => void copyDetails(copy));
    element('logs', HTMLButtonElement).addEventListener('click', () => send({ do: 'logs' }));
  },

  saveFile(name: string, text: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};
