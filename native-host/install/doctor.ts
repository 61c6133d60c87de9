/** Checks every hop between browser and viewer, and says which hop is broken and how to fix it. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import * as v from 'valibot';
import { HOST } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import type { HostConfig } from '#protocol/vault';
import { thrownWords, wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { readConfig } from '../config.ts';
import { openHomeAt } from '../open-home.ts';
import { messagesFrom, sendTo } from '../stdio.ts';
import { listViewers } from '../viewers/find.ts';
import { type InstallOrder, placesFor } from './install.ts';
import { readManifestFile } from './manifest.ts';

export interface Finding {
  readonly hop: string;
  readonly ok: boolean;
  readonly says: string;
}

const ROUND_TRIP_MS = 5_000;

export async function doctor(order: Pick<InstallOrder, 'home' | 'profile' | 'browsers' | 'scope'>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const note = (hop: string, ok: boolean, says: string) => void findings.push({ hop, ok, says });
  await openHomeAt(order.home).then(
    () => note('folder', true, order.home),
    (error: unknown) => note('folder', false, wholeLine(thrownWords(error, everything))),
  );
  const config = await readConfig(order.home).catch((error: unknown) => {
    note('configuration', false, wholeLine(thrownWords(error, everything)));
    return undefined;
  });
  if (config !== undefined) note('configuration', true, config.workspaces.map(({ url }) => url).join(', '));
  const places = await placesFor(order);
  if (places.length === 0) note('browser', false, 'No Chrome, Chromium or Edge of yours was found.');
  for (const { browser, manifest } of places) {
    const held = await readManifestFile(manifest);
    const hop = order.profile === undefined ? browser : 'profile';
    if (held === undefined) note(`${hop}: manifest`, false, `None of ours at ${manifest}. Run \`holdfast-host install\`.`);
    else {
      note(`${hop}: manifest`, true, manifest);
      note(`${hop}: program`, isRunnable(held.path), held.path);
      if (config !== undefined) await checkIds(hop, held.allowed_origins, config, note);
      note(`${hop}: round trip`, ...(await roundTrip(held.path, held.allowed_origins[0] ?? '')));
    }
  }
  for (const viewer of listViewers(config?.viewers ?? {})) {
    note(
      `viewer: ${viewer.protocol}`,
      viewer.found,
      viewer.found
        ? `${viewer.name} (${viewer.path ?? ''})`
        : wordsOf({ code: 'missing_viewer', reason: viewer.protocol }, everything).detail,
    );
  }
  return findings;
}

async function checkIds(
  hop: string,
  origins: readonly string[],
  config: HostConfig,
  note: (hop: string, ok: boolean, says: string) => void,
) {
  const missing = config.extensions.filter((id) => !origins.includes(`chrome-extension://${id}/`));
  note(
    `${hop}: extension ids`,
    missing.length === 0,
    missing.length === 0 ? config.extensions.join(', ') : `Not in the manifest: ${missing.join(', ')}`,
  );
}

/** Starts the host as the browser does and sends `hello`. */
async function roundTrip(program: string, origin: string): Promise<[ok: boolean, says: string]> {
  const started = performance.now();
  const child = spawn(program, [origin], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
  const late = setTimeout(() => child.kill('SIGKILL'), ROUND_TRIP_MS);
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  try {
    child.stdin.on('error', () => {});
    sendTo(child.stdin)({
      v: VERSION.host,
      id: 1,
      type: 'hello',
      body: { extension: 'doctor', v: VERSION.host, profile: 'doctor'.repeat(4) },
    });
    const first = await Promise.race([messagesFrom(child.stdout).next(), failed]);
    const reply = v.safeParse(v.object({ body: HOST.hello.reply }), first.value);
    if (!reply.success) return [false, `It answered something else: ${JSON.stringify(first.value ?? 'nothing').slice(0, 200)}`];
    return [true, `version ${reply.output.body.host}, ${Math.round(performance.now() - started)} ms`];
  } catch (error) {
    return [false, error instanceof Error ? error.message : 'It can’t be started.'];
  } finally {
    clearTimeout(late);
    child.stdin.destroy();
    child.kill();
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
