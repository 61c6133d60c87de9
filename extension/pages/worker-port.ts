/** The port from the extension's own pages to the worker: reopened when the worker was stopped. */
import * as v from 'valibot';
import { type Port, self } from '../webext.ts';
import { type PageAction, WorkerMessage } from './messages.ts';

/** Long enough for a stopped worker to end, short enough to go unnoticed. */
const PAUSE = 250;

export function follow(name: string, onMessage: (message: WorkerMessage) => void): { send(action: PageAction): void } {
  let port: Port = open();
  function open(): Port {
    const mine = self.connect(name);
    mine.onMessage((message) => onMessage(v.parse(WorkerMessage, message)));
    mine.onClose(() => {
      setTimeout(() => {
        port = open();
      }, PAUSE);
    });
    return mine;
  }
  return { send: (action) => port.post(action) };
}
