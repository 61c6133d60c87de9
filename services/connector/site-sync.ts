/** Keeps the copy of the site configuration up to date: at the start and every minute, taken only when it has changed (B-R1). */
import { CLOUD } from '#protocol/cloud-api';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import { readSiteCopy, type SiteCopy, writeSiteCopy } from './site-copy.ts';

export interface SiteSyncOptions {
  readonly component: Component;
  readonly broker: string;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** told of the copy on disk at the start, and of every newer one */
  readonly onCopy: (copy: SiteCopy) => void;
}

const EVERY_MS = 60_000;
/** while the broker does not answer, or there is no copy yet */
const RETRY_MS = 5_000;
const DEADLINE_MS = 10_000;

export function keepSiteCopy({ component, broker, dataDir, signal, log, onCopy }: SiteSyncOptions): void {
  let copy = readOwn(dataDir, log);
  let brokerWasAway = false;
  if (copy !== undefined) onCopy(copy);

  const sync = async (): Promise<boolean> => {
    try {
      const asked = copy === undefined ? {} : { have: copy.version };
      const { version, config } = await cloudCall(component, broker, CLOUD.siteConfig, asked, { signal, deadlineMs: DEADLINE_MS });
      if (config !== undefined && version !== copy?.version) {
        copy = await writeSiteCopy(dataDir, version, config, Date.now());
        log.info({ version, resources: config.resources.length }, 'Copied the site configuration.');
        onCopy(copy);
      }
      if (brokerWasAway) log.info({}, 'The broker answers again.');
      brokerWasAway = false;
      return true;
    } catch (err) {
      if (!brokerWasAway && !signal.aborted) log.warn({ err }, 'Cannot fetch the site configuration; using the copy.');
      brokerWasAway = true;
      return false;
    }
  };
  const round = async () => {
    const answered = await sync();
    if (signal.aborted) return;
    const timer = setTimeout(() => void round(), answered ? EVERY_MS : RETRY_MS).unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  void round();
}

/** A damaged copy counts as none: the next sync replaces it. */
function readOwn(dataDir: string, log: Log): SiteCopy | undefined {
  try {
    return readSiteCopy(dataDir);
  } catch (err) {
    log.error({ err }, 'Cannot read the copy of the site configuration; fetching it again.');
    return undefined;
  }
}
