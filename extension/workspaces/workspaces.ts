/** The known Workspaces and the login timeout: from policy, from the host, from the person; the last good value of each is kept. */
import * as v from 'valibot';
import type { HostReply } from '../host/port.ts';
import { effectiveTimeout, OwnTimeout } from '../watch/login-timeout.ts';
import { contentBridge, storage, tabs } from '../webext.ts';
import { originOf } from './origin.ts';
import { allWorkspaces, NO_POLICY, type Policy, readPolicy, Workspace } from './policy.ts';

export interface Workspaces {
  all(): readonly Workspace[];
  /** origin of the Workspace that the URL belongs to, else null */
  workspaceOf(url: string): string | null;
  nameOf(workspace: string): string;
  timeout(): ReturnType<typeof effectiveTimeout>;
  managed(): boolean;
  setTimeout(own: OwnTimeout): Promise<void>;
  /** The browser started, or the extension is new: registers the bridge for the known Workspaces, whether or not the host answers. */
  begin(): Promise<void>;
  fromHost(hello: HostReply<'hello'>): Promise<void>;
  /** reads the policy again */
  policyChanged(): Promise<void>;
  /** the portal reports the Workspace's name */
  named(workspace: string, name: string): void;
}

const KEPT = v.fallback(v.array(Workspace), []);

/** `onChange` is called when the list or the timeout changed, after the content bridge was registered accordingly. */
export async function loadWorkspaces(onChange: () => void): Promise<Workspaces> {
  let policy: Policy = readPolicy(await storage.readManaged()) ?? readPolicy(await storage.readLocal('policy')) ?? NO_POLICY;
  let host = v.parse(KEPT, await storage.readLocal('workspaces'));
  let own = v.parse(v.fallback(v.nullable(OwnTimeout), null), await storage.readLocal('timeout'));
  const names = new Map<string, string>();
  const all = (): readonly Workspace[] => allWorkspaces(policy, host);

  let following = Promise.resolve();
  /** Serialized: two concurrent registrations would conflict. */
  function follow(): Promise<void> {
    following = following.then(bringBridge, bringBridge);
    return following;
  }

  async function bringBridge(): Promise<void> {
    const origins = all().map((one) => one.url);
    await contentBridge.register(origins.map((origin) => `${origin}/*`));
    for (const tab of await tabs.all()) {
      if (origins.includes(originOf(tab.shows))) await contentBridge.inject(tab.id).catch(() => undefined);
    }
    onChange();
  }

  return {
    all,
    workspaceOf: (url) => all().find((one) => one.url === originOf(url))?.url ?? null,
    nameOf: (workspace) => names.get(workspace) ?? all().find((one) => one.url === workspace)?.name ?? workspace,
    timeout: () => effectiveTimeout(policy.loginTimeout, own),
    managed: () => policy !== NO_POLICY,
    async setTimeout(chosen) {
      own = chosen;
      await storage.writeLocal('timeout', chosen);
      onChange();
    },
    begin: follow,
    async fromHost(hello) {
      const changed = JSON.stringify(hello.workspaces) !== JSON.stringify(host);
      host = [...hello.workspaces];
      if (changed) await storage.writeLocal('workspaces', host);
      await follow();
    },
    async policyChanged() {
      // A change event with an empty policy: the policy was withdrawn.
      policy = readPolicy(await storage.readManaged()) ?? NO_POLICY;
      await storage.writeLocal('policy', policy);
      await follow();
    },
    named: (workspace, name) => void names.set(workspace, name),
  };
}
