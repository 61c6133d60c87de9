/** The person to whom a Workspace's pages are bound in the browser profile that this process serves. No other person's requests are heard. */
import { HoldfastError } from '#protocol/errors';
import type { Host } from './host.ts';
import type { Person } from './people.ts';
import type { Owner } from './vault/names.ts';

type Binding = Pick<Host, 'people' | 'profile'>;

export async function boundPerson({ people, profile }: Binding, workspace: string): Promise<Person | undefined> {
  const name = profile();
  return name === undefined ? undefined : people.at({ profile: name, workspace });
}

export async function isBound(binding: Binding, { workspace, subject }: Owner): Promise<boolean> {
  return (await boundPerson(binding, workspace))?.subject === subject;
}

/** Throws `not_signed_in`. */
export async function mustBeBound(binding: Binding, owner: Owner): Promise<void> {
  if (!(await isBound(binding, owner))) throw new HoldfastError('not_signed_in', { reason: 'not-bound' });
}
