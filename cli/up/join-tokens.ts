/** Which components still need a join token. One that once got ready is enrolled: its own folder has what it needs. */
import { existsSync, writeFileSync } from 'node:fs';
import { Role } from '#protocol/trust';
import type { AdminServer } from '../admin-client.ts';
import { joinToken } from '../root-admin.ts';
import type { DataDir } from './data-dir.ts';
import type { Component } from './plan.ts';

export interface Enrolments {
  /** makes a join token for each that has none to show for itself */
  prepare(components: readonly Component[]): Promise<void>;
  tokenOf(name: string): string | undefined;
  /** they all listen: no token is needed any more */
  done(components: readonly Component[]): void;
}

export function enrolments(dir: DataDir, root: AdminServer): Enrolments {
  const tokens = new Map<string, string>();
  const mark = (name: string) => dir.file('enrolled', name);
  return {
    async prepare(components) {
      dir.folder('enrolled');
      await Promise.all(
        components
          .filter(({ name, service }) => needsEnrolment(service) && !existsSync(mark(name)))
          .map(async ({ name, service, location }) => {
            const role = Role.options.find((one) => one === service);
            if (role === undefined) throw new TypeError(`no role for ${service}`);
            tokens.set(name, await joinToken(root, { role, id: name, ...(location && { location }) }));
          }),
      );
    },
    tokenOf: (name) => tokens.get(name),
    done(components) {
      for (const { name } of components) writeFileSync(mark(name), '');
      tokens.clear();
    },
  };
}

/** The identity provider is known by its own keys (OpenID Connect), not by the root of trust. */
function needsEnrolment(service: Component['service']): boolean {
  return service !== 'identity';
}
