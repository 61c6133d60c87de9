/**
 * A service's reading of the site document: asked for at the start, then waited for, so that a change arrives at once (B-R1). The last
 * good one is kept on disk and goes on being used while the broker is away, across restarts too; and while the broker answers with an older
 * one: its database was restored from a backup, and what was taken away since must not come back without a word (docs/adr/0008).
 */
import * as v from 'valibot';
import { readSite, type Site } from '#core/access/site';
import { CLOUD, type SiteVersion } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { AccessRules, PortalSettings } from '#protocol/site-document';
import type { Component } from '../component/component.ts';
import { pollUntilAborted } from '../component/trust-poll.ts';
import { cloudCall } from '../http/cloud-client.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Check } from '../service/management.ts';
import { readSiteCopy, type SiteCopy, writeSiteCopy } from './copy.ts';

export interface SiteReader<T> {
  /** the last good one. Throws `unavailable` while there never was one. */
  current(): T;
  held(): T | undefined;
  readonly checks: readonly Check[];
}

export interface SiteReaderOptions<T> {
  readonly component: Component;
  /** base URL of the broker */
  readonly broker: string;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly metrics: Metrics;
  /** told of the copy on disk at the start, and of every newer one */
  readonly onChange?: (site: T) => void;
}

const DEADLINE_MS = 10_000;

/** For the lease issuer: who may open what, in the whole site. */
export function readWholeSite(options: SiteReaderOptions<Site>): SiteReader<Site> {
  return keepSite(v.pipe(AccessRules, v.transform(readSite)), options);
}

/** For a connector: its location's part. Another location's, from before it moved here, is as good as none. */
export function readLocationPart(location: string, options: SiteReaderOptions<Site>): SiteReader<Site> {
  const isOurs = ({ locations, sessionHosts }: AccessRules) =>
    locations.every(({ id }) => id === location) && sessionHosts.every((host) => host.location === location);
  return keepSite(v.pipe(AccessRules, v.check(isOurs), v.transform(readSite)), options);
}

/** For the Workspace. */
export function readPortalSettings(options: SiteReaderOptions<PortalSettings>): SiteReader<PortalSettings> {
  return keepSite(PortalSettings, options);
}

function keepSite<T>(schema: v.GenericSchema<unknown, T>, options: SiteReaderOptions<T>): SiteReader<T> {
  const { component, broker, dataDir, signal, log, metrics, onChange } = options;
  let copy = readOwn(dataDir, schema, log);
  let confirmedAt = copy?.takenAt;
  let trouble: string | undefined;
  let older: SiteVersion | undefined;
  if (copy !== undefined) onChange?.(copy.site);

  /** Each state of affairs is told once, and its end. */
  const tell = (now: string | undefined, err?: unknown) => {
    if (now !== undefined && now !== trouble)
      log.warn({ err }, 'The site document can’t be fetched; the last good one goes on being used.');
    if (now === undefined && trouble !== undefined) log.info({}, 'The site document is fetched again.');
    trouble = now;
  };
  const tellOlder = (answered: SiteVersion | undefined) => {
    const used = copy?.version ?? 0;
    if (answered !== undefined && older === undefined)
      log.error({ used, answered: answered.version }, 'The broker answers with an older site document; the newer one goes on being used.');
    if (answered === undefined && older !== undefined) log.info({ used }, 'The broker no longer answers with an older site document.');
    older = answered;
  };
  const take = async (wait: boolean): Promise<void> => {
    const have = copy && { version: copy.version, digest: copy.digest };
    const asked = { wait, ...(have !== undefined && { have }) };
    const deadlineMs = DEADLINE_MS + (wait ? TIMES.siteWaitSeconds * 1_000 : 0);
    const { document, ...version } = await cloudCall(component, broker, CLOUD.siteDocument, asked, { signal, deadlineMs });
    if (copy !== undefined && version.version < copy.version) return tellOlder(version);
    tellOlder(undefined);
    confirmedAt = Date.now();
    if (document === undefined) return;
    copy = await writeSiteCopy(dataDir, schema, { ...version, document }, confirmedAt);
    log.info({ version: copy.version }, 'A new version of the site document is used.');
    onChange?.(copy.site);
  };
  const ask = async (wait: boolean): Promise<boolean> => {
    try {
      await take(wait);
      tell(undefined);
      // There is no waiting for news of a broker that has less: it is asked again like one that is away.
      return older === undefined;
    } catch (err) {
      if (!signal.aborted) tell(err instanceof Error ? err.message : 'It failed.', err);
      return false;
    }
  };
  void pollUntilAborted((asking) => ask(asking === 'for news'), signal);
  measure(
    metrics,
    () => copy,
    () => confirmedAt,
    () => older !== undefined,
  );

  const missing = () => new HoldfastError('unavailable', { reason: 'no-site-copy' });
  return {
    current() {
      if (copy === undefined) throw missing();
      return copy.site;
    },
    held: () => copy?.site,
    checks: [
      { name: 'site-document', run: () => (copy === undefined ? missing() : undefined) },
      { name: 'broker', isAdvice: true, run: () => older && olderWords(older.version, copy?.version ?? 0) },
    ],
  };
}

function olderWords(answered: number, used: number): string {
  return `the broker answers with version ${answered} of the site document, and ${used} is used here: its database was restored from a backup. Import the document that is to hold`;
}

function measure(
  metrics: Metrics,
  copy: () => SiteCopy<unknown> | undefined,
  confirmedAt: () => number | undefined,
  isOlder: () => boolean,
): void {
  metrics.gauge('holdfast_site_document_version', 'Version of the site document that is used; 0 without one.', () => copy()?.version ?? 0);
  metrics.gauge('holdfast_site_document_age_seconds', 'Since the broker last said that it is the newest; -1 without one.', () => {
    const at = confirmedAt();
    return copy() === undefined || at === undefined ? -1 : (Date.now() - at) / 1_000;
  });
  metrics.gauge(
    'holdfast_site_document_older',
    'Whether the broker answers with an older one than is used (see /readyz); 0 is well.',
    () => (isOlder() ? 1 : 0),
  );
}

/** A damaged copy is as good as none: it is fetched anew. */
function readOwn<T>(dataDir: string, schema: v.GenericSchema<unknown, T>, log: Log): SiteCopy<T> | undefined {
  try {
    return readSiteCopy(dataDir, schema);
  } catch (err) {
    log.error({ err }, 'The copy of the site document can’t be read; it is fetched anew.');
    return undefined;
  }
}
