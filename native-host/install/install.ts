/** Installs and uninstalls the host for browsers. Reports one line per file. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { HostConfig } from '#protocol/vault';
import { writePrivateFile } from '#runtime/files/private';
import { readConfig, SYSTEM_CONFIG } from '../config.ts';
import { HOME_FILES } from '../home.ts';
import { openHomeAt } from '../open-home.ts';
import { hostProgram } from '../program-paths.ts';
import { ensureOurs, manifestFor } from './manifest.ts';
import { BROWSERS, type Browser, here, type Place, placeOf, profilePlace, type Scope, snapChromium } from './places.ts';
import { wrapperPath, wrapperScript } from './wrapper.ts';

export interface InstallOrder {
  /** the host's folder */
  readonly home: string;
  readonly workspace: HostConfig['workspaces'][number];
  /** authorities of the Workspace's certificate besides the system's; absent: as before */
  readonly caFile?: string | undefined;
  readonly extensions: readonly string[];
  /** a private profile instead of the browsers' standard places */
  readonly profile?: string | undefined;
  /** undefined: all that are found */
  readonly browsers?: readonly Browser[] | undefined;
  readonly scope: Scope;
}

export interface Done {
  readonly browser: Browser | 'profile';
  readonly manifest: string;
}

/** Throws `conflict` before writing anything when an existing manifest belongs to an administrator. */
export async function install(order: InstallOrder): Promise<{ config: HostConfig; wrapper: string; done: readonly Done[] }> {
  const places = await placesFor(order);
  if (places.length === 0) {
    throw new HoldfastError('missing_program', {
      reason: (await isFolderAt(snapChromium(here(order.scope, order.home)))) ? 'browser-snap' : 'browser',
    });
  }
  for (const { manifest } of places) await ensureOurs(manifest);
  const config = await writeConfig(order);
  const wrapper = await writeWrapper(order);
  const text = JSON.stringify(manifestFor(wrapper, config.extensions), undefined, 2);
  for (const { manifest, registryKey } of places) {
    await mkdir(dirname(manifest), { recursive: true });
    await writeFile(manifest, `${text}\n`, { mode: order.scope === 'system' ? 0o644 : 0o600 });
    if (registryKey !== undefined) await registry('add', registryKey, '/ve', '/t', 'REG_SZ', '/d', manifest, '/f');
  }
  return { config, wrapper, done: places.map(toDone(order.profile)) };
}

/** Removes manifests and wrapper; `home` itself stays unless `purge`: it holds the device's keys and leases. */
export async function uninstall(
  order: Pick<InstallOrder, 'home' | 'profile' | 'browsers' | 'scope'> & { purge: boolean },
): Promise<readonly Done[]> {
  const removed: Place[] = [];
  for (const place of await placesFor(order)) {
    if ((await stat(place.manifest).catch(() => undefined)) === undefined) continue;
    await ensureOurs(place.manifest);
    await rm(place.manifest, { force: true });
    if (place.registryKey !== undefined) await registry('delete', place.registryKey, '/f');
    removed.push(place);
  }
  await rm(wrapperPath(process.platform, order), { force: true });
  if (order.purge) await rm(order.home, { recursive: true, force: true });
  return removed.map(toDone(order.profile));
}

/** Where manifests belong: the given profile, or every installed browser. */
export async function placesFor(order: Pick<InstallOrder, 'home' | 'profile' | 'browsers' | 'scope'>): Promise<readonly Place[]> {
  if (order.profile !== undefined) return [profilePlace(order.profile)];
  const where = here(order.scope, order.home);
  const all = (order.browsers ?? BROWSERS).map((browser) => placeOf(browser, where));
  const there = await Promise.all(
    all.map(({ browserFolder }) => (browserFolder === undefined ? Promise.resolve(true) : isFolderAt(browserFolder))),
  );
  return all.filter((_place, index) => there[index]);
}

function toDone(profile: string | undefined): (place: Place) => Done {
  return ({ browser, manifest }) => ({ browser: profile === undefined ? browser : 'profile', manifest });
}

/** Adds to the configuration; existing viewers, Workspaces and extension ids stay. */
async function writeConfig({ home, workspace, caFile, extensions, scope }: InstallOrder): Promise<HostConfig> {
  await openHomeAt(home);
  const held = await readConfig(home).catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'forbidden_caller') return undefined;
    throw error;
  });
  const others = held?.workspaces.filter(({ url }) => url !== workspace.url) ?? [];
  const config = parse(
    HostConfig,
    {
      v: 1,
      workspaces: [...others, workspace],
      caFile: caFile ?? held?.caFile,
      extensions: [...new Set([...(held?.extensions ?? []), ...extensions])],
      viewers: held?.viewers ?? {},
    },
    'bad_config',
  );
  const text = `${JSON.stringify(config, undefined, 2)}\n`;
  if (scope === 'system' && SYSTEM_CONFIG !== undefined) {
    await mkdir(dirname(SYSTEM_CONFIG), { recursive: true });
    await writeFile(SYSTEM_CONFIG, text, { mode: 0o644 });
  } else await writePrivateFile(join(home, HOME_FILES.config), text);
  return config;
}

async function writeWrapper(order: InstallOrder): Promise<string> {
  const path = wrapperPath(process.platform, order);
  await mkdir(dirname(path), { recursive: true });
  const script = wrapperScript(process.platform, {
    node: process.execPath,
    program: hostProgram(),
    home: order.scope === 'system' ? undefined : order.home,
  });
  await writeFile(path, script, { mode: 0o700 });
  await chmod(path, order.scope === 'system' ? 0o755 : 0o700);
  return path;
}

async function registry(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('C:\\Windows\\System32\\reg.exe', [...args], { windowsHide: true });
}

function isFolderAt(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
