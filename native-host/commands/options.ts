/** Shared by the commands: the host's folder, options parsed at the edge, and printing. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import type { HostEvent } from '#protocol/host';
import { parse } from '#protocol/parse';
import { readConfig } from '../config.ts';
import { homeFolder } from '../home.ts';
import { type Host, openHost } from '../host.ts';
import { BROWSERS } from '../install/places.ts';
import { openHomeAt } from '../open-home.ts';

export const CommonFlags = v.object({ home: v.optional(v.string()), json: v.optional(v.boolean(), false) });
export const PlaceFlags = v.object({
  ...CommonFlags.entries,
  profile: v.optional(v.string()),
  browser: v.optional(v.array(v.picklist(BROWSERS))),
  scope: v.picklist(['user', 'system']),
});

/** Options by their schema. Throws `bad_request` naming the option. */
export function flagsOf<S extends v.GenericSchema>(schema: S, flags: unknown): v.InferOutput<S> {
  return parse(schema, flags);
}

export function homeOf({ home }: { readonly home?: string | undefined }): string {
  return home === undefined ? homeFolder(process.env) : resolve(home);
}

export function placeOrder(flags: v.InferOutput<typeof PlaceFlags>) {
  return {
    home: homeOf(flags),
    profile: flags.profile === undefined ? undefined : resolve(flags.profile),
    browsers: flags.browser,
    scope: flags.scope,
  };
}

/** JSON on one line, or the words. */
export function print(json: boolean, value: object, words: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : words.map((line) => `${line}\n`).join(''));
}

/** The host's parts for one command. Throws `forbidden_caller` when nothing is installed. */
export async function hostFor(home: string, emit: (event: HostEvent) => void = () => {}): Promise<Host> {
  await openHomeAt(home);
  return openHost({ home, config: await readConfig(home) }, emit, new AbortController().signal);
}

/** The person bound last at the one Workspace, or at `workspace` where it is named; in whichever browser profile. */
export async function personAt(host: Host, workspace: string | undefined) {
  const all = (await host.people.all()).filter((person) => workspace === undefined || person.workspace === workspace);
  const people = all.filter((person, at) => all.findIndex((other) => other.workspace === person.workspace) === at);
  const [only] = people;
  if (only === undefined) throw new HoldfastError('not_signed_in', { reason: 'nobody-yet' });
  if (people.length > 1)
    throw new HoldfastError('bad_request', { reason: 'workspace-missing', known: people.map((one) => one.workspace).join(', ') });
  return { workspace: only.workspace, subject: only.subject };
}
