/** A device beside the one in the browser: a copy of its host's folder to be damaged at will, and `holdfast-host` run on it. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { WireError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { PeopleFile, VaultManifest } from '#protocol/vault';
import { wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { sha256 } from '#runtime/jose/primitives';
import type { Owner } from '../../native-host/vault/names.ts';
import { folderNameOf } from '../../native-host/vault/names.ts';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from '../until.ts';

export type Kind = 'metadata' | 'common' | 'location';
export const KINDS: readonly Kind[] = ['metadata', 'common', 'location'];
export type Entry = VaultManifest['leases'][number];

export interface Launched {
  /** `opened`, or the launch code */
  readonly answer: 'opened' | number;
  readonly exit: number;
  readonly message: string;
}

export interface Device {
  readonly owner: Owner;
  /** the owner's part of the vault */
  readonly vault: string;
  manifest(): VaultManifest;
  rewrite(change: (manifest: VaultManifest) => VaultManifest): void;
  entry(resource: string): Entry;
  bytes(entry: Entry, kind: Kind): Buffer;
  /** the content under the entry's own name; what the manifest says of it stays */
  overwrite(entry: Entry, kind: Kind, content: Uint8Array): void;
  /** the same, and the manifest is made to fit, as somebody who knows the format would */
  replace(entry: Entry, kind: Kind, content: Uint8Array): void;
  /** `env`: besides the test's own, such as a clock of its own */
  launch(resource: string, env?: NodeJS.ProcessEnv): Promise<Launched>;
  /** the host's own log */
  log(): string;
  /** waits for its sessions, then removes the folder */
  end(): Promise<void>;
}

const LAUNCH_MS = 60_000;
const Outcome = v.object({ outcome: v.picklist(['opened', 'failed']), code: v.optional(v.number()), error: v.optional(WireError) });

/** `home`: a host's folder, such as `<dataDir>/host`; it stays as it is. */
export function copyDevice(home: string, display: string): Device {
  const parent = mkdtempSync(join(tmpdir(), 'hf-dev-'));
  const copy = join(parent, 'host');
  // Two names of one file become two files: what is altered in one lease must not be altered in another.
  const copied = spawnSync('cp', ['-R', '--preserve=mode,ownership', home, copy], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`The host's folder was not copied: ${copied.stderr}`);
  const owner = ownerOf(copy);
  const vault = join(copy, folderNameOf(owner));
  const manifestFile = join(vault, 'manifest.json');
  const fileOf = (entry: Entry, kind: Kind) => join(vault, 'leases', entry[kind]);

  const device: Device = {
    owner,
    vault,
    manifest: () => manifestIn(vault),
    rewrite: (change) => writeFileSync(manifestFile, JSON.stringify(change(device.manifest()))),
    entry(resource) {
      const found = device.manifest().leases.find((one) => one.resource.id === resource);
      if (found === undefined) throw new Error(`no lease of ${resource}`);
      return found;
    },
    bytes: (entry, kind) => readFileSync(fileOf(entry, kind)),
    overwrite: (entry, kind, content) => writeFileSync(fileOf(entry, kind), content),
    replace(entry, kind, content) {
      device.overwrite(entry, kind, content);
      device.rewrite((manifest) => ({
        ...manifest,
        leases: manifest.leases.map((one) =>
          one.lease === entry.lease ? { ...one, digests: { ...one.digests, [kind]: sha256(content) } } : one,
        ),
      }));
    },
    launch: (resource, env = {}) => launchBy(copy, resource, { DISPLAY: display, ...env }),
    log: () => readFileSync(join(copy, 'host.log'), 'utf8'),
    async end() {
      try {
        await until('its sessions have ended', () => sessionsIn(copy).length === 0);
      } finally {
        rmSync(parent, { recursive: true, force: true });
      }
    },
  };
  return device;
}

export function manifestIn(vault: string): VaultManifest {
  return parse(VaultManifest, JSON.parse(readFileSync(join(vault, 'manifest.json'), 'utf8')));
}

function ownerOf(home: string): Owner {
  const { people } = parse(PeopleFile, JSON.parse(readFileSync(join(home, 'people.json'), 'utf8')));
  const [only] = people;
  if (only === undefined) throw new Error('Nobody has signed in.');
  return only;
}

/** Records of the sessions that run on a device; `home`: its host's folder. */
export function sessionsIn(home: string): string[] {
  try {
    return readdirSync(join(home, 'sessions'));
  } catch {
    return [];
  }
}

function launchBy(home: string, resource: string, env: NodeJS.ProcessEnv): Promise<Launched> {
  const args = ['--disable-warning=ExperimentalWarning', join(PROJECT_DIR, 'cli', 'holdfast-host.ts'), 'launch'];
  const flags = ['--resource', resource, '--lease-only', '--json', '--home', home];
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [...args, ...flags],
      { env: { ...process.env, ...env }, timeout: LAUNCH_MS },
      (_error, stdout, stderr) => {
        try {
          const { outcome, code = 0, error } = parse(Outcome, JSON.parse(stdout));
          resolve({
            answer: outcome === 'opened' ? outcome : code,
            exit: child.exitCode ?? -1,
            message: error === undefined ? '' : wholeLine(wordsOf(error, everything)),
          });
        } catch (cause) {
          reject(new Error(`holdfast-host launch gave no answer: ${stdout}${stderr}`, { cause }));
        }
      },
    );
  });
}

/** The exit code that goes with an answer. */
export function exitOf(answer: Launched['answer']): number {
  return answer === 'opened' ? 0 : 100 + (answer % 100);
}
