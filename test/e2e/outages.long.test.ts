/** Every outage, stopped and hung, to every kind of session, with the browser still open and with one started while it is broken. */
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.ts';
import { OUTAGES, prepare, reachesSession, VIEWED } from './outages.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

test('B-N4 the person signs in once, and access is saved on the device', (t) => prepare(t, holdfast));

for (const outage of OUTAGES) {
  for (const kind of ['stop', 'hang'] as const) {
    for (const [protocol, viewed] of Object.entries(VIEWED)) {
      for (const browser of ['warm', 'cold'] as const) {
        const broken = `${outage.what} ${kind === 'stop' ? 'stopped' : 'hung'}`;
        const name = `${outage.behaviours}, B-N8 ${protocol}, ${browser}: with ${broken}, the person gets to a running session`;
        test(name, (t) => reachesSession(t, holdfast, outage, kind, viewed, browser));
      }
    }
  }
}
