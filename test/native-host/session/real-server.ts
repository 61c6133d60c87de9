/** What the tests with real viewers share: a folder, a screen for the viewers, a device, and servers that end with the test. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionServer } from '#protocol/session-server';
import { desktopOf, type ProgramStart, type RunningProgram, startProgram } from '../../../cli/desktops/confinement.ts';
import { openEndings } from '../../../cli/up/endings.ts';
import { openScreen, type Screen } from '../../e2e/screen.ts';
import { type Field, openField } from '../../services/whole-location.ts';
import { newHome, openDevice, type TestDevice } from '../device.ts';

export interface Bench {
  readonly folder: string;
  readonly screen: Screen;
  readonly device: TestDevice;
  start(program: Omit<ProgramStart, 'logFile'>): RunningProgram;
  /** a location whose session host stands before such a server */
  field(server: Partial<SessionServer>): Promise<Field>;
  end(): Promise<void>;
}

export async function openBench(home?: string): Promise<Bench> {
  const endings = openEndings();
  const folder = await newHome();
  endings.after(() => rm(folder, { recursive: true, force: true }));
  const screen = await openScreen();
  endings.after(() => screen.close());
  process.env['DISPLAY'] = screen.display;
  const device = await openDevice({}, home);
  endings.after(() => device.end());
  return {
    folder,
    screen,
    device,
    start(program) {
      const running = startProgram({ ...program, logFile: join(folder, 'servers.log') });
      endings.after(async () => (await desktopOf([running], async () => {})).end());
      return running;
    },
    async field(server) {
      const field = await openField({ server });
      endings.after(() => field.close());
      return field;
    },
    end: () => endings.end(),
  };
}

/** One-time sign-on that gives everybody this account and password. */
export function passwordFor(upn: string, account: string, password: string): SessionServer['signOn'] {
  const helper = ['/bin/sh', '-c', `read -r account; echo ${password}; cat > /dev/null`];
  return { kind: 'one-time', account: { table: { [upn]: account } }, helper };
}
