/**
 * The browser window of `up`: a profile of its own with the extension and the native host in it. The extension is loaded through
 * the browser's debugging pipe, the one way that Chromium, Chrome and Edge share; the pipe also ends the browser when `up` ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import * as v from 'valibot';
import { PROGRAMS } from '../../test/setup/programs.ts';
import { isRoot, needProgram } from '../desktops/confinement.ts';
import { inFamily } from './component-process.ts';
import { type Ask, openDevtools } from './devtools-pipe.ts';
import { endFamilyGently, identify, type ProcessIdentity } from './process-identity.ts';

export interface BrowserStart {
  readonly profile: string;
  readonly extension: string;
  readonly url: string;
  readonly headless: boolean;
  readonly logFile: string;
}

export interface RunningBrowser {
  readonly identity: ProcessIdentity | undefined;
  readonly child: ChildProcess;
  /** rejects when the extension or the page could not be opened */
  readonly opened: Promise<void>;
  end(): Promise<void>;
}

/** Absolute path of the first browser that is there; throws `missing_program` with the command that installs one. */
export function findBrowser(): string {
  const names = PROGRAMS.find(({ packages }) => packages[0] === 'chromium')?.anyOf ?? ['chromium'];
  return needProgram(...names);
}

export const BROWSER_FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--password-store=basic',
];

export function startBrowser(start: BrowserStart): RunningBrowser {
  const own = [`--user-data-dir=${start.profile}`, '--remote-debugging-pipe', '--enable-unsafe-extension-debugging'];
  const mode = [...(start.headless ? ['--headless=new', '--disable-gpu'] : []), ...(isRoot() ? ['--no-sandbox', '--test-type'] : [])];
  const [file, ...args] = inFamily([findBrowser(), ...BROWSER_FLAGS, ...own, ...mode, 'about:blank']);
  const log = openSync(start.logFile, 'a', 0o600);
  const child = spawn(file, args, { stdio: ['ignore', log, log, 'pipe', 'pipe'], detached: true });
  closeSync(log);
  child.on('error', () => undefined);
  const opened = openWithExtension(openDevtools(child), start);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  return {
    identity,
    child,
    opened,
    async end() {
      if (identity !== undefined) await endFamilyGently(identity);
    },
  };
}

const Targets = v.object({ targetInfos: v.array(v.object({ targetId: v.string(), type: v.string() })) });

/** The extension first, then the page: it meets the portal from its first navigation on. The empty first tab goes. */
async function openWithExtension(ask: Ask, { extension, url }: BrowserStart): Promise<void> {
  await ask('Extensions.loadUnpacked', { path: extension });
  const { targetInfos } = v.parse(Targets, await ask('Target.getTargets', {}));
  await ask('Target.createTarget', { url });
  for (const { targetId, type } of targetInfos) if (type === 'page') await ask('Target.closeTarget', { targetId });
}
