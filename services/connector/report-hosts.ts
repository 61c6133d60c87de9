/** Tells the broker which session hosts are here and what runs on them: on every change, and every five seconds. */
import { CLOUD } from '#protocol/cloud-api';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import type { Hosts } from './hosts.ts';

export interface ReportOptions {
  readonly component: Component;
  readonly broker: string;
  readonly location: string;
  readonly hosts: () => Hosts;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const EVERY_MS = 5_000;
const DEADLINE_MS = 2_000;

/** The result asks for a report now; changes that come while one is under way go out together after it. */
export function reportHosts({ component, broker, location, hosts, signal, log }: ReportOptions): () => void {
  let state: 'idle' | 'reporting' | 'again' = 'idle';
  let brokerWasAway = false;

  const report = async (): Promise<void> => {
    const registered = [...hosts().registrations()];
    try {
      await cloudCall(
        component,
        broker,
        CLOUD.reportHosts,
        { location, connector: component.id, hosts: registered },
        { signal, deadlineMs: DEADLINE_MS },
      );
      brokerWasAway = false;
    } catch (err) {
      if (!brokerWasAway && !signal.aborted) log.warn({ err }, 'The broker can’t be told of the session hosts.');
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
