/** The port from the extension's own pages to the worker: reopened when the worker was stopped. */
import * as v from 'valibot';
import { type Port, self } from '../webext.ts';
import type { PageAction } from './messages.ts';

/** Long enough for a stopped worker to end, short enough to go unnoticed. */
const PAUSE = 250;

/** Calls with each message of the worker, which has to have this page's schema. */
export function follow<S extends v.GenericSchema>(
  name: string,
  schema: S,
  onMessage: (message: v.InferOutput<S>) => void,
): { send(action: PageAction): void } {
  let port: Port = open();
  function open(): Port {
    const mine = self.connect(name);
    mine.onMessage((message) => onMessage(v.parse(schema, message)));
    mine.onClose(() => {
      setTimeout(() => {
        port = open();
      }, PAUSE);
    });
    return mine;
  }
  return { send: (action) => port.post(action) };
}
