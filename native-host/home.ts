/**
 * Where the native host keeps its files. One owner-only folder, and no fallback to any other place.
 * Imports no other module of the host: it is needed before the first message can be answered.
 */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The person's own folder: `HOME`, or where that says none, what the system has of them. */
export function userHome(): string {
  const home = homedir();
  return isAbsolute(home) ? home : userInfo().homedir;
}

/** `HOLDFAST_HOST_HOME`, else the platform's folder for application data. Absolute unless `HOLDFAST_HOST_HOME` is not. */
export function homeFolder(env: Environment, platform: NodeJS.Platform = process.platform, owner: string = userHome()): string {
  const chosen = env['HOLDFAST_HOST_HOME'];
  if (chosen !== undefined && chosen !== '') return chosen;
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(owner, 'AppData', 'Local'), 'Holdfast');
    case 'darwin':
      return join(owner, 'Library', 'Application Support', 'Holdfast');
    default: {
      const data = env['XDG_DATA_HOME'];
      return join(data !== undefined && isAbsolute(data) ? data : join(owner, '.local', 'share'), 'holdfast');
    }
  }
}

export const HOME_FILES = {
  config: 'config.json',
  clock: 'clock.json',
  people: 'people.json',
  log: 'host.log',
  codeCache: 'code-cache',
  trust: 'trust',
  sessions: 'sessions',
  run: 'run',
} as const;
