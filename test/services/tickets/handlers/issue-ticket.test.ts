import assert from 'node:assert/strict';
import test from 'node:test';
import { judgeTicket, NO_USED_TICKETS, useTicket } from '#core/lease/judge-ticket';
import { CLOUD } from '#protocol/cloud-api';
import { cloudCall } from '#runtime/http/cloud-client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { start } from '../../../../services/tickets/tickets.ts';
import { refusedWith } from '../../../refused-with.ts';
import { base, startHere, startRoot, urlOf } from '../../service-in-process.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const JKT = 'I'.repeat(43);
const now = () => Math.floor(Date.now() / 1_000);
const WISH = {
  user: { subject: 'subject-of-mara', name: 'Mara', upn: 'mara@site.test', groups: [] },
  jkt: JKT,
  resource: { feed: 'apps', id: 'app', name: 'App', kind: 'app' as const, protocol: 'ssh' as const },
  deliveryGroup: 'pool',
  location: 'zurich',
  redeemer: 'zurich-1',
  correlationId: 'c0ffee00',
};

test('B-L8a, B-L8b, B-L8c, B-L8d a ticket is for one redeemer, one device, 90 seconds, and works once', async (t) => {
  const root = await startRoot(t);
  const running = await startHere(t, start, {
    ...base('tickets', await temporaryFolder(t)),
    rootOfTrust: root.ref,
    join: { value: await root.joinToken('tickets', 'tickets') },
  });
  const options = { signal: t.signal, deadlineMs: 5_000 };
  const workspace = await root.component('workspace', 'workspace');
  const connector = await root.component('connector', 'zurich-1', 'zurich');
  const issued = await cloudCall(workspace, urlOf(running), CLOUD.issueTicket, WISH, options);
  const shown = { ...issued, jkt: JKT, location: 'zurich' };
  const redeemer = { id: 'zurich-1', startedAt: now() - 60 };
  const judged = judgeTicket(nodeCrypto, connector.trust(), shown, now(), redeemer);
  assert.ok(judged.ok, JSON.stringify(judged));
  assert.equal(judged.value.exp - judged.value.iat, 90);
  assert.equal(judgeTicket(nodeCrypto, connector.trust(), shown, now(), { ...redeemer, id: 'zurich-2' }).ok, false, 'another redeemer');
  const used = useTicket(NO_USED_TICKETS, judged.value, now());
  assert.ok(used.ok);
  assert.equal(useTicket(used.value, judged.value, now()).ok, false);
  assert.equal(judgeTicket(nodeCrypto, connector.trust(), shown, now() + 130, redeemer).ok, false, 'too old');
  assert.equal(
    judgeTicket(nodeCrypto, connector.trust(), shown, now(), { ...redeemer, startedAt: now() + 1 }).ok,
    false,
    'from before a restart',
  );
  assert.equal(judgeTicket(nodeCrypto, connector.trust(), { ...shown, jkt: 'k'.repeat(43) }, now(), redeemer).ok, false, 'another device');
  await assert.rejects(
    cloudCall(connector, urlOf(running), CLOUD.issueTicket, WISH, options),
    refusedWith('untrusted_peer'),
    'only the Workspace may ask',
  );
});
