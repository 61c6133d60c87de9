/** A second broker's feed beside the first: what a further line in `feeds.ts` would make. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { brokerFeed } from '../../../../services/workspace/feeds/broker.ts';
import { openIcons } from '../../../../services/workspace/icons.ts';
import { refusedWith } from '../../../refused-with.ts';
import { startBroker } from '../../broker-in-process.ts';
import { startRoot, urlOf } from '../../service-in-process.ts';
import { registration, report } from '../../session-host-report.ts';
import { importFirst } from '../../site-admin.ts';
import { MARA, SITE } from '../../whole-cloud.ts';

const mara = { subject: 'subject-of-mara', name: 'Mara', upn: MARA, groups: ['Staff'] };
const options = { signal: new AbortController().signal, deadlineMs: 5_000, correlationId: 'c0ffee00' };
/** A broker whose site document names the feed `other`, and how a Workspace lists it by a name of its own. */
async function otherBroker(t: TestContext) {
  const root = await startRoot(t);
  const { running, config } = await startBroker(t, root);
  await importFirst(running, config.dataDir, { ...SITE, feed: 'other' });
  const broker = urlOf(running);
  await report(await root.component('connector', 'zurich-1', 'zurich'), broker, [registration('host-1')]);
  const component = await root.component('workspace', 'workspace');
  return (id: string) => brokerFeed({ id, name: 'Elsewhere', broker, component, icons: openIcons() });
}

test('B-F1a a feed lists and admits what its broker publishes under its name', async (t) => {
  const feed = (await otherBroker(t))('other');
  assert.deepEqual(
    (await feed.list(mara, options)).map(({ id }) => id),
    ['terminal', 'archive', 'payroll'],
  );
  const admitted = await feed.admit?.(mara, { feed: 'other', id: 'terminal' }, options);
  assert.deepEqual(admitted?.resource, { feed: 'other', id: 'terminal', name: 'Terminal', kind: 'app', protocol: 'ssh' });
});

test('a broker that publishes another feed than the Workspace’s table says is that feed’s fault', async (t) => {
  const feed = (await otherBroker(t))('apps');
  await assert.rejects(async () => feed.list(mara, options), refusedWith('bad_config'));
  await assert.rejects(async () => feed.admit?.(mara, { feed: 'apps', id: 'terminal' }, options), refusedWith('not_found'));
});
