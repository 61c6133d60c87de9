/**
 * `site.yaml`: read, checked, and read again when it changes. A changed file with a mistake is told and not used: the broker
 * goes on with what it has.
 */
import { statSync } from 'node:fs';
import { readSite, type Site } from '#core/access/site';
import { HoldfastError } from '#protocol/errors';
import { SiteDocument } from '#protocol/site-document';
import { sha256 } from '#runtime/jose/primitives';
import type { Log } from '#runtime/log/log';
import { readYamlFile } from '#runtime/service/yaml-file';
import { checkReferences } from './site-check.ts';

export interface CurrentSite {
  readonly site: Site;
  /** digest of the configuration: what connectors compare */
  readonly version: string;
}

export interface SiteFile {
  current(): CurrentSite;
  /** what is wrong with the file as it lies there now */
  complaint(): HoldfastError | undefined;
}

const LOOK_MS = 2_000;

/** Throws `bad_config` with the line when the file is wrong at the start. */
export function openSiteFile(file: string, { log, signal }: { log: Log; signal: AbortSignal }): SiteFile {
  let stamp = stampOf(file);
  let current = read(file);
  let complaint: HoldfastError | undefined;
  const look = () => {
    const now = stampOf(file);
    if (now === stamp) return;
    stamp = now;
    try {
      current = read(file);
      complaint = undefined;
      log.info({ version: current.version, resources: current.site.resources.size }, 'The site configuration has changed.');
    } catch (err) {
      complaint = err instanceof HoldfastError ? err : new HoldfastError('bad_config', undefined, { cause: err });
      log.error({ err }, 'The changed site configuration is not used.');
    }
  };
  const looking = setInterval(look, LOOK_MS).unref();
  signal.addEventListener('abort', () => clearInterval(looking));
  return { current: () => current, complaint: () => complaint };
}

function read(file: string): CurrentSite {
  const yaml = readYamlFile(SiteDocument, file);
  checkReferences(yaml);
  return { site: readSite(yaml.value), version: sha256(JSON.stringify(yaml.value)) };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
