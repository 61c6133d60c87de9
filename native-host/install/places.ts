/**
 * Where browsers look for native messaging hosts, one table for all. Linux was tried with Chromium; macOS and Windows are as
 * their vendors document them. A browser counts as installed when its own folder exists; nothing is written for others.
 */
import { isAbsolute, join } from 'node:path';
import { NATIVE_HOST_NAME } from '#protocol/host';
import { type Environment, userHome } from '../home.ts';

export const BROWSERS = ['chrome', 'chromium', 'edge'] as const;
export type Browser = (typeof BROWSERS)[number];
export type Scope = 'user' | 'system';

export interface Place {
  readonly browser: Browser;
  /** the manifest's file */
  readonly manifest: string;
  /** exists when the browser is installed; undefined where the manifest's folder is always created (system, private profile) */
  readonly browserFolder: string | undefined;
  /** Windows: the registry key whose default value is the manifest's path */
  readonly registryKey: string | undefined;
}

const FILE = `${NATIVE_HOST_NAME}.json`;

/** `user`: below `XDG_CONFIG_HOME`. */
const LINUX: Readonly<Record<Browser, { readonly user: string; readonly system: string }>> = {
  chrome: { user: 'google-chrome', system: '/etc/opt/chrome/native-messaging-hosts' },
  chromium: { user: 'chromium', system: '/etc/chromium/native-messaging-hosts' },
  edge: { user: 'microsoft-edge', system: '/etc/opt/edge/native-messaging-hosts' },
};
const MAC: Readonly<Record<Browser, { readonly user: string; readonly system: string }>> = {
  chrome: { user: 'Library/Application Support/Google/Chrome', system: '/Library/Google/Chrome/NativeMessagingHosts' },
  chromium: { user: 'Library/Application Support/Chromium', system: '/Library/Application Support/Chromium/NativeMessagingHosts' },
  edge: { user: 'Library/Application Support/Microsoft Edge', system: '/Library/Microsoft/Edge/NativeMessagingHosts' },
};
const WINDOWS: Readonly<Record<Browser, { readonly folder: string; readonly key: string }>> = {
  chrome: { folder: 'AppData\\Local\\Google\\Chrome', key: 'Software\\Google\\Chrome\\NativeMessagingHosts' },
  chromium: { folder: 'AppData\\Local\\Chromium', key: 'Software\\Chromium\\NativeMessagingHosts' },
  edge: { folder: 'AppData\\Local\\Microsoft\\Edge', key: 'Software\\Microsoft\\Edge\\NativeMessagingHosts' },
};

export interface Where {
  readonly platform: NodeJS.Platform;
  readonly userHome: string;
  /** Linux: where programs keep their settings, browsers their profiles */
  readonly configHome: string;
  readonly scope: Scope;
  /** folder of the host: Windows keeps the manifest there and points to it */
  readonly home: string;
}

export function here(scope: Scope, home: string, env: Environment = process.env): Where {
  const owner = userHome();
  const config = env['XDG_CONFIG_HOME'];
  const configHome = config !== undefined && isAbsolute(config) ? config : join(owner, '.config');
  return { platform: process.platform, userHome: owner, configHome, scope, home };
}

/** Chromium as a snap: confined, it may not start the host. */
export function snapChromium({ userHome: owner }: Where): string {
  return join(owner, 'snap', 'chromium');
}

export function placeOf(browser: Browser, { platform, userHome: owner, configHome, scope, home }: Where): Place {
  if (platform === 'win32') {
    const hive = scope === 'system' ? 'HKLM' : 'HKCU';
    const { folder, key } = WINDOWS[browser];
    return {
      browser,
      manifest: join(home, FILE),
      browserFolder: scope === 'system' ? undefined : join(owner, folder),
      registryKey: `${hive}\\${key}\\${NATIVE_HOST_NAME}`,
    };
  }
  const { user, system } = (platform === 'darwin' ? MAC : LINUX)[browser];
  if (scope === 'system') return { browser, manifest: join(system, FILE), browserFolder: undefined, registryKey: undefined };
  const browserFolder = join(platform === 'darwin' ? owner : configHome, user);
  return { browser, manifest: join(browserFolder, 'NativeMessagingHosts', FILE), browserFolder, registryKey: undefined };
}

/** A profile folder of its own (`--user-data-dir`): every browser of the family looks there on Linux and macOS. */
export function profilePlace(profile: string): Place {
  return { browser: 'chromium', manifest: join(profile, 'NativeMessagingHosts', FILE), browserFolder: undefined, registryKey: undefined };
}
