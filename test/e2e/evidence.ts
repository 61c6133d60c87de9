/** What a failing test saw: page, screen, logs; kept beside the report, so that nobody has to repeat it to understand. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { REPORT_FOLDER } from '../runner/report.ts';
import type { Portal } from './portal.ts';
import type { Screen } from './screen.ts';
import type { System } from './system.ts';

export async function keepEvidence(t: TestContext, portal: Portal, screen: Screen, system: System): Promise<void> {
  const folder = join(REPORT_FOLDER, t.name.replace(/[^\w-]+/gu, '-').slice(0, 80));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'logs.txt'), system.logs());
  screen.save(join(folder, 'screen.png'));
  try {
    writeFileSync(join(folder, 'page.png'), await portal.page.screenshot());
    writeFileSync(join(folder, 'page.txt'), `${portal.page.url()}\n${await portal.text()}\n`);
  } catch (error) {
    writeFileSync(join(folder, 'page.txt'), `The page could not be read: ${String(error)}\n`);
  }
  t.diagnostic(`What it saw is in ${folder}`);
}
