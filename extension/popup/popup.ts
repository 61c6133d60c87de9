/** The popup's entry: renders the worker's model, sends the person's actions. */
import { PopupMessage } from '../pages/messages.ts';
import { follow } from '../pages/worker-port.ts';
import { controls } from './controls.ts';
import { show } from './show.ts';

const port = follow('popup', PopupMessage, (message) => {
  if (message.is === 'popup') show(message.model, port.send);
  else controls.saveFile(`holdfast-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.log`, message.text);
});
controls.listen(port.send);
