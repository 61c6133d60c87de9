/** Launch tickets that the Workspace really gave, shown once more by the device that they were made for. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { candidatesFor } from '#core/placement/candidates';
import { readJws } from '#core/trust/jws';
import type { ErrorCode } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { LaunchFile, Locator, Ticket } from '#protocol/lease';
import { parse } from '#protocol/parse';
import { raceChannels } from '#runtime/channel/race';
import { nodeCrypto } from '#runtime/jose/primitives';
import { findDeviceKey } from '../../native-host/device-key/open.ts';
import { presentTicket } from '../../native-host/launch/present.ts';
import { trustFrom } from '../../native-host/trust-record.ts';
import { until } from '../until.ts';
import type { Device } from './device.ts';
import type { Harness } from './harness.ts';
import { VIEWED } from './outages.ts';

/** `used`: a session was opened with it. `unused`: the page never saw the answer, and the launch went on by lease. */
export async function ticketOf(t: TestContext, holdfast: Harness, state: 'used' | 'unused'): Promise<LaunchFile> {
  const given = Promise.withResolvers<LaunchFile>();
  await holdfast.inPortal(t, async (portal) => {
    await portal.page.evaluateOnNewDocument(keepLaunchFile, state);
    await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
    await portal.untilText(/Ready for an outage/u, 60_000);
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    await holdfast.endSessions();
    const kept = await until('the launch file', () => portal.page.evaluate(() => Reflect.get(window, 'launchFile') as string | undefined));
    given.resolve(parse(LaunchFile, JSON.parse(kept)));
  });
  return given.promise;
}

/** Runs in the page: keeps a copy of what the Workspace answers to a launch. */
function keepLaunchFile(state: 'used' | 'unused'): void {
  const fetched = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const answer = await fetched(input, init);
    if (input !== '/api/v1/launches') return answer;
    Object.assign(window, { launchFile: await answer.clone().text() });
    if (state === 'unused') throw new TypeError('The answer was lost.');
    return answer;
  };
}

/** The code that the ticket is refused with. */
export async function presentAgain(device: Device, file: LaunchFile): Promise<ErrorCode> {
  const { rootBundle, revocations } = device.manifest();
  const trust = trustFrom(rootBundle, [], revocations);
  const key = (await findDeviceKey(device.vault)) ?? assert.fail('no device key');
  const ticket = readJws(nodeCrypto, file.ticket, TYP.ticket, Ticket);
  const locator = readJws(nodeCrypto, file.locator.token, TYP.locator, Locator);
  assert.ok(ticket.ok && locator.ok);
  const result = await raceChannels({
    candidates: candidatesFor([locator.value.unverified.location], ticket.value.unverified.aud),
    credential: 'ticket',
    presentTo: presentTicket(key, file, file.correlationId),
    trust: () => trust,
    signal: AbortSignal.timeout(30_000),
  });
  return result.as === 'refused' ? result.error.code : assert.fail(`it was ${result.as}`);
}
