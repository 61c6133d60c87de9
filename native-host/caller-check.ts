/** Identifies the caller: the browser passes the extension's origin as an argument. Only configured ids are served (B-N1). */
import { HoldfastError } from '#protocol/errors';
import type { HostConfig } from '#protocol/vault';

const ORIGIN = /^chrome-extension:\/\/(?<id>[a-p]{32})\/$/u;

/** The extension's id. Throws `forbidden_caller`. */
export function checkCaller(args: readonly string[], config: Pick<HostConfig, 'extensions'>): string {
  const id = args.map((arg) => ORIGIN.exec(arg)?.groups?.['id']).find((found) => found !== undefined);
  if (id === undefined) throw new HoldfastError('forbidden_caller', { reason: 'not-by-browser' });
  if (!config.extensions.includes(id)) throw new HoldfastError('forbidden_caller', { reason: 'extension-unlisted', id });
  return id;
}
