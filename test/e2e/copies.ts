/** Work on copies of the browser's device: what opens on them, and what is refused. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { until } from '../until.ts';
import { copyDevice, type Device, exitOf } from './device.ts';
import type { Harness } from './harness.ts';

export interface OnCopies {
  /** The copy goes away afterwards, with its sessions and their windows. */
  onCopy(work: (device: Device) => Promise<void>): Promise<void>;
  /** `env`: of the launching process, such as a clock of its own */
  isRefused(device: Device, resource: string, code: number, words: RegExp, env?: NodeJS.ProcessEnv): Promise<void>;
  /** a session runs, and answers in its window */
  opens(device: Device, resource: string, window: RegExp, env?: NodeJS.ProcessEnv): Promise<void>;
}

export function onCopiesIn(harness: () => Harness): OnCopies {
  return {
    async onCopy(work) {
      const { system, screen } = harness();
      const device = copyDevice(join(system.report.dataDir, 'host'), screen.display);
      try {
        await work(device);
      } finally {
        await screen.closeWindows();
        await device.end();
      }
    },
    async isRefused(device, resource, code, words, env) {
      const launched = await device.launch(resource, env);
      assert.equal(launched.answer, code, launched.message);
      assert.equal(launched.exit, exitOf(code));
      assert.match(launched.message, words);
      assert.deepEqual(harness().screen.windows(), [], 'no window');
    },
    async opens(device, resource, window, env) {
      const { screen, sessionOutput } = harness();
      const launched = await device.launch(resource, env);
      assert.equal(launched.answer, 'opened', launched.message);
      await until(`the window ${window}`, () => screen.windows().some((name) => window.test(name)));
      assert.match(await sessionOutput(window, 'echo $((6 * 7))'), /^42\n/u);
      await screen.closeWindows();
    },
  };
}
