/** The components: configured, enrolled with the root of trust, started tier by tier, and ready. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RootOfTrustRef } from '#protocol/service-config';
import { ROOT_OF_TRUST } from '../root-admin.ts';
import { rootKeysFolder } from './ceremony.ts';
import { type ConfigContext, configOf } from './component-configs.ts';
import { serverOf } from './desktop-servers.ts';
import { enrolments } from './join-tokens.ts';
import type { UpOptions } from './options.ts';
import { COMPONENTS, type Component, componentNamed, type Service, urlOf } from './plan.ts';
import type { Prerequisites } from './prerequisites.ts';
import { untilReady } from './readiness.ts';
import { siteOf } from './site.ts';
import { importOwnSite } from './site-import.ts';
import { type Supervisor, superviseComponents } from './supervisor.ts';

const ROOT = 'root-of-trust';
/** Each finds at its first try what it asks for at its start. In the field the order does not matter: they ask again. */
const TIERS: readonly (readonly Service[])[] = [
  ['identity', 'broker', 'tickets'],
  ['lease-issuer', 'workspace', 'gateway', 'connector'],
  ['session-host'],
];

export async function startComponents(prerequisites: Prerequisites, options: UpOptions): Promise<Supervisor> {
  const { dir, secrets, ceremony, run, started } = prerequisites;
  const { portBase, signal, say } = options;
  const components = COMPONENTS.filter(({ desktop }) => desktop === undefined || started.some((one) => one.desktop.name === desktop));
  const others = components.filter(({ service }) => service !== ROOT);
  const root: RootOfTrustRef = { url: urlOf(componentNamed(ROOT), portBase), ...ceremony.pins };
  const enrolment = enrolments(dir, { ...root, name: ROOT_OF_TRUST, token: secrets.adminToken });
  const context = configContext(prerequisites, options, root, enrolment.tokenOf);
  const configFolder = dir.folder('config');
  const write = (name: string, content: object) => writeFileSync(join(configFolder, `${name}.yaml`), stringify(content), { mode: 0o600 });
  const configure = (some: readonly Component[]) => {
    for (const component of some) write(component.name, configOf(component, context));
  };
  const supervisor = supervisorOf(components, prerequisites, options);
  options.endings.after(() => supervisor.end());
  run.watch(() => supervisor.processes());

  configure([componentNamed(ROOT)]);
  await supervisor.start([ROOT]);
  await enrolment.prepare(others);
  configure(others);
  say(`Starting ${others.length} components ...`);
  for (const services of TIERS) {
    await supervisor.start(others.filter(({ service }) => services.includes(service)).map(({ name }) => name));
    if (services.includes('broker')) await importOwnSite(join(configFolder, 'broker.yaml'), siteOf(portBase, components), say);
  }
  await untilReady(components, portBase, signal);
  enrolment.done(others);
  // Once more, without the join tokens, which are used up.
  configure(others);
  return supervisor;
}

function configContext(
  { dir, secrets, ceremony, desktops }: Prerequisites,
  { portBase, projectDir }: UpOptions,
  root: RootOfTrustRef,
  joinOf: ConfigContext['joinOf'],
): ConfigContext {
  return {
    base: portBase,
    secrets,
    root,
    portal: join(projectDir, 'dist', 'portal'),
    siteToken: randomBytes(32).toString('base64url'),
    roleKeys: ceremony.roleKeys,
    dataDirOf: (name) => dir.folder('data', name),
    joinOf,
    serverOf: (name) => serverOf(name, desktops),
  };
}

function supervisorOf(
  components: readonly Component[],
  { dir, run }: Prerequisites,
  { portBase, projectDir, signal, onChange }: UpOptions,
): Supervisor {
  const logs = dir.folder('logs');
  return superviseComponents({
    components,
    base: portBase,
    projectDir,
    configFileOf: (name) => dir.file('config', `${name}.yaml`),
    logFileOf: (name) => join(logs, `${name}.log`),
    keysDirOf: (name) => (name === ROOT ? rootKeysFolder(dir) : dir.file('data', name)),
    signal,
    onChange() {
      if (!signal.aborted) run.update();
      onChange();
    },
  });
}
