/** Reports this location's session hosts and their sessions to the broker: on every change, and every five seconds. */
import { CLOUD } from '#protocol/cloud-api';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import type { SessionHosts } from './session-hosts.ts';

export interface ReportOptions {
  readonly component: Component;
  readonly broker: string;
  readonly location: string;
  readonly sessionHosts: () => SessionHosts;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const EVERY_MS = 5_000;
const DEADLINE_MS = 2_000;

/** The result triggers a report; changes during a report go out together after it. */
export function reportSessionHosts({ component, broker, location, sessionHosts, signal, log }: ReportOptions): () => void {
  let state: 'idle' | 'reporting' | 'again' = 'idle';
  let brokerWasAway = false;

  const report = async (): Promise<void> => {
    const registered = [...sessionHosts().registrations()];
    try {
      await cloudCall(
        component,
        broker,
        CLOUD.reportSessionHosts,
        { location, connector: component.id, sessionHosts: registered },
        { signal, deadlineMs: DEADLINE_MS },
      );
      brokerWasAway = false;
    } catch (err) {
      if (!brokerWasAway && !signal.aborted) log.warn({ err }, 'Cannot report the session hosts to the broker.');
      brokerWasAway = true;
    }
  };
  const run = async (): Promise<void> => {
    if (state !== 'idle') {
      state = 'again';
      return;
    }
    state = 'reporting';
    await report();
    const again = state !== 'reporting';
    state = 'idle';
    if (again && !signal.aborted) await run();
  };
  const timer = setInterval(() => void run(), EVERY_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return () => void run();
}
