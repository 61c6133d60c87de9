/** `holdfast up`: the whole system on one machine, from an empty folder to a signed-in browser, and back to nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RootOfTrustRef } from '#protocol/service-config';
import { accountName, makeAccount, ownAccount, removeAccount, type SessionAccount } from '../desktops/account.ts';
import { isRoot } from '../desktops/confinement.ts';
import { addressOf, type UpReport } from './announce.ts';
import { findBrowser, type RunningBrowser, startBrowser } from './browser.ts';
import { buildWhenNeeded } from './build.ts';
import { type ConfigContext, configOf } from './configs.ts';
import { type ControlReply, type ControlRequest, serveControl } from './control.ts';
import { cleanUpAfterKilled, type DataDir, forgetRun, openDataDir } from './data-dir.ts';
import { type DesktopContext, type StartedDesktop, serverOf, startDesktops } from './desktop-servers.ts';
import type { Endings } from './ending.ts';
import { enrolments } from './enrolments.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { holdCeremonyOnce, rootKeysFolder } from './founding.ts';
import { untilReady } from './health.ts';
import { installNativeHost } from './native-host.ts';
import { PEOPLE } from './people.ts';
import { COMPONENTS, type Component, DESKTOPS, portsOf, type Service, urlOf } from './plan.ts';
import { claimPorts } from './ports.ts';
import { keepRun, type RunKeeper } from './run-record.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { siteOf } from './site.ts';

export interface UpOptions {
  readonly projectDir: string;
  readonly portBase: number;
  readonly data: string;
  readonly browser: 'window' | 'headless' | 'none';
  readonly signal: AbortSignal;
  readonly endings: Endings;
  /** one line of progress for people */
  say(line: string): void;
  /** a component's standing has changed */
  onChange(): void;
}

export interface RunningUp {
  readonly report: UpReport;
  readonly fleet: Fleet;
  openBrowser(): void;
}

const ROOT = 'root-of-trust';
/** Each finds at its first try what it asks for at its start. In the field the order does not matter: they ask again. */
const TIERS: readonly (readonly Service[])[] = [
  ['identity', 'broker', 'tickets', 'lease-issuer'],
  ['workspace', 'gateway', 'connector'],
  ['session-host'],
];

/** Throws a `HoldfastError` that says what to do; `endings` then undo what was begun. */
export async function bringUp(options: UpOptions): Promise<RunningUp> {
  const { portBase, projectDir, signal, endings, say } = options;
  if (options.browser !== 'none') findBrowser();
  const dir = await openDataDir(options.data);
  const leftAccount = cleanUpAfterKilled(dir);
  if (leftAccount !== undefined && isRoot()) removeAccount(leftAccount);
  await claimPorts(portBase, [...COMPONENTS.flatMap((component) => Object.values(portsOf(component, 0))), ...DESKTOPS.map(({ n }) => n)]);
  const run = keepRun(dir, portBase);
  endings.add(() => forgetRun(dir));
  buildWhenNeeded(projectDir, say);
  signal.throwIfAborted();

  const secrets = await openSecrets(dir);
  const founding = await holdCeremonyOnce(dir);
  const account = sessionAccount(secrets, run, options);
  const desktops: DesktopContext = { dir, base: portBase, account, secrets, signal };
  say('Starting desktops and the root of trust ...');
  const { started, missing } = await startDesktops(desktops);
  endings.add(async () => {
    await Promise.all(started.map(({ running }) => running.end()));
  });
  run.watch(() => started.flatMap(({ running }) => running.processes));
  signal.throwIfAborted();

  const components = COMPONENTS.filter(({ desktop }) => desktop === undefined || started.some((one) => one.desktop.name === desktop));
  const rootUrl = urlOf(named(ROOT), portBase);
  const root: RootOfTrustRef = { url: rootUrl, ...founding.pins };
  const enrolment = enrolments(dir, root, secrets.adminToken);
  const context: ConfigContext = {
    base: portBase,
    secrets,
    root,
    portal: join(projectDir, 'dist', 'portal'),
    siteFile: dir.file('config', 'site.yaml'),
    roleKeys: founding.roleKeys,
    dataDirOf: (name) => dir.folder('data', name),
    joinOf: enrolment.tokenOf,
    serverOf: (name) => serverOf(name, desktops),
  };
  const fleet = startableFleet(dir, components, run, options);
  endings.add(() => fleet.end());
  run.watch(() => fleet.processes());

  dir.folder('config');
  writeYaml(dir, 'site', siteOf(portBase, components));
  writeYaml(dir, ROOT, configOf(named(ROOT), context));
  await fleet.start([ROOT]);
  const others = components.filter(({ service }) => service !== ROOT);
  await enrolment.prepare(others);
  for (const component of others) writeYaml(dir, component.name, configOf(component, context));
  say(`Starting ${others.length} components ...`);
  for (const services of TIERS) await fleet.start(others.filter(({ service }) => services.includes(service)).map(({ name }) => name));
  await untilReady(components, portBase, signal);
  enrolment.done(others);
  for (const component of others) writeYaml(dir, component.name, configOf(component, context));

  const profile = dir.folder('browser');
  const nativeHostManifest = await installNativeHost({
    extension: join(projectDir, 'dist', 'extension'),
    profile,
    home: dir.folder('host'),
    workspace: { url: urlOf(named('workspace'), portBase), name: 'Holdfast', rootPin: founding.pins.rootPin },
  });
  const openBrowser = browserOpener(dir, profile, portBase, run, options);
  await serveControl(dir.control, (request) => answerControl(fleet, request), signal);
  if (options.browser !== 'none') openBrowser();

  return {
    fleet,
    openBrowser,
    report: {
      workspaceUrl: urlOf(named('workspace'), portBase),
      identityUrl: urlOf(named('identity'), portBase),
      consoleUrl: null,
      adminToken: secrets.adminToken,
      extensionDir: join(projectDir, 'dist', 'extension'),
      nativeHostManifest,
      browserProfile: profile,
      dataDir: dir.path,
      users: PEOPLE.map(({ name, upn, groups }) => ({ name, upn, password: secrets.users[name] ?? '', groups })),
      components: [...componentReports(fleet, portBase), ...started.map((desktop) => desktopReport(desktop, portBase))],
      missing: missing.map(({ desktop, why }) => ({ name: desktop.name, why })),
    },
  };
}

function named(name: string): Component {
  const component = COMPONENTS.find((one) => one.name === name);
  if (component === undefined) throw new TypeError(`no ${name} in the plan`);
  return component;
}

function sessionAccount(secrets: Secrets, run: RunKeeper, { portBase, endings }: UpOptions): SessionAccount {
  if (!isRoot()) return ownAccount();
  const name = accountName(portBase);
  run.account(name);
  endings.add(() => removeAccount(name));
  return makeAccount(name, secrets.accountPassword);
}

function startableFleet(dir: DataDir, components: readonly Component[], run: RunKeeper, options: UpOptions): Fleet {
  const logs = dir.folder('logs');
  return createFleet({
    components,
    base: options.portBase,
    projectDir: options.projectDir,
    configFileOf: (name) => dir.file('config', `${name}.yaml`),
    logFileOf: (name) => join(logs, `${name}.log`),
    keysDirOf: (name) => (name === ROOT ? rootKeysFolder(dir) : dir.file('data', name)),
    signal: options.signal,
    onChange() {
      if (!options.signal.aborted) run.update();
      options.onChange();
    },
  });
}

function writeYaml(dir: DataDir, name: string, content: object): void {
  writeFileSync(dir.file('config', `${name}.yaml`), stringify(content), { mode: 0o600 });
}

/** Opens a window, unless one is open. */
function browserOpener(dir: DataDir, profile: string, base: number, run: RunKeeper, options: UpOptions): () => void {
  let open: RunningBrowser | undefined;
  options.endings.add(() => open?.end());
  run.watch(() => (open?.identity === undefined ? [] : [open.identity]));
  return () => {
    if (open !== undefined) return;
    const browser = startBrowser({
      profile,
      extension: join(options.projectDir, 'dist', 'extension'),
      url: urlOf(named('workspace'), base),
      headless: options.browser === 'headless',
      logFile: join(dir.folder('logs'), 'browser.log'),
    });
    open = browser;
    run.update();
    browser.opened.catch((error: unknown) => options.say(`The browser window: ${error instanceof Error ? error.message : String(error)}`));
    browser.child.once('exit', () => {
      if (open === browser) open = undefined;
    });
  };
}

async function answerControl(fleet: Fleet, request: ControlRequest): Promise<ControlReply> {
  if (request.type === 'outage') await fleet.apply(request.component, request.fault);
  return {
    components: fleet.members().map(({ component, standing, pid }) => ({ name: component.name, kind: component.service, standing, pid })),
  };
}

function componentReports(fleet: Fleet, base: number): UpReport['components'] {
  return fleet.members().map(({ component, pid }) => ({
    name: component.name,
    kind: component.service,
    pid: pid ?? null,
    addresses: [addressOf(portsOf(component, base).port), addressOf(portsOf(component, base).management)],
  }));
}

function desktopReport({ desktop, running }: StartedDesktop, base: number): UpReport['components'][number] {
  const addresses = desktop.kind === 'vnc' ? [] : [addressOf(base + desktop.n)];
  return { name: desktop.name, kind: desktop.kind, pid: running.processes[0]?.pid ?? null, addresses };
}
