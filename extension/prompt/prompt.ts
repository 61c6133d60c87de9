/** The prompt window's entry. Focus starts on the heading, so that a key typed elsewhere chooses nothing. */
import { element } from '../pages/elements.ts';
import { PromptMessage } from '../pages/messages.ts';
import { follow } from '../pages/worker-port.ts';
import { show } from './show.ts';

/** As announced in the window's last line. */
const LOOK_EVERY = 30_000;

/** The worker knows no screen: a window beside another one may reach past its edge. */
function stayOnScreen(): void {
  const left = 'availLeft' in screen ? Number(screen.availLeft) : 0;
  const past = screenX + outerWidth - (left + screen.availWidth);
  if (past > 0) moveBy(-past, 0);
}

const tab = new URLSearchParams(location.search).get('tab') ?? '';
let outage = false;
const port = follow(`prompt:${tab}`, PromptMessage, (message) => {
  outage = message.model.reason.why === 'outage';
  show(message.model);
});

element('offline', HTMLButtonElement).addEventListener('click', () => port.send({ do: 'choose', choice: 'offline' }));
element('again', HTMLButtonElement).addEventListener('click', () => port.send({ do: 'choose', choice: 'again' }));
element('keep', HTMLButtonElement).addEventListener('click', () => port.send({ do: 'choose', choice: 'keep' }));
stayOnScreen();
setInterval(() => {
  if (outage) port.send({ do: 'look' });
}, LOOK_EVERY);
