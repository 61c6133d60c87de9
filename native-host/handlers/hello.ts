/** The first message: the host's version and the configured Workspaces. Answered before anything else is loaded. */
import type * as v from 'valibot';
import type { HOST } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import type { HostConfig } from '#protocol/vault';
import { ensureVersion } from '../startup-checks.ts';

export const HOST_PRODUCT_VERSION = '0.2.0';

export function hello(config: HostConfig, body: v.InferOutput<typeof HOST.hello.request>): v.InferOutput<typeof HOST.hello.reply> {
  ensureVersion(body.v);
  return { host: HOST_PRODUCT_VERSION, v: VERSION.host, workspaces: config.workspaces.map(({ url, name }) => ({ url, name })) };
}
