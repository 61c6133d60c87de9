/** `holdfast up`: the whole system on one machine, from an empty folder to a signed-in browser, and back to nothing. */
import { join } from 'node:path';
import { reportOf, type UpReport } from './announce.ts';
import { findBrowser } from './browser.ts';
import { windowOpener } from './browser-window.ts';
import { type ControlReply, type ControlRequest, serveControl } from './control.ts';
import type { Fleet } from './fleet.ts';
import { layGround } from './ground.ts';
import { installNativeHost } from './native-host.ts';
import type { UpOptions } from './options.ts';
import { startParts } from './parts.ts';
import { componentNamed, urlOf } from './plan.ts';

export interface RunningUp {
  readonly report: UpReport;
  readonly fleet: Fleet;
  openBrowser(): void;
}

/** Throws a `HoldfastError` that says what to do; `endings` then undo what was begun. */
export async function bringUp(options: UpOptions): Promise<RunningUp> {
  const { portBase, projectDir, signal, endings, say } = options;
  if (options.browser !== 'none') findBrowser();
  const ground = await layGround(options);
  const { dir, run, founding } = ground;
  const fleet = await startParts(ground, options);

  const url = urlOf(componentNamed('workspace'), portBase);
  const extension = join(projectDir, 'dist', 'extension');
  const profile = dir.folder('browser');
  const workspace = { url, name: 'Holdfast', rootPin: founding.pins.rootPin };
  const manifest = await installNativeHost({ extension, profile, home: dir.folder('host'), workspace });
  const logFile = join(dir.folder('logs'), 'browser.log');
  const headless = options.browser === 'headless';
  const openBrowser = windowOpener({ profile, extension, url, headless, logFile }, { run, endings, say });
  await serveControl(dir.control, (request) => answerControl(fleet, request), signal);
  if (options.browser !== 'none') openBrowser();

  const report = reportOf({
    base: portBase,
    ground,
    fleet,
    extensionDir: extension,
    nativeHostManifest: manifest,
    browserProfile: profile,
  });
  return { fleet, openBrowser, report };
}

async function answerControl(fleet: Fleet, request: ControlRequest): Promise<ControlReply> {
  if (request.type === 'outage') await fleet.apply(request.component, request.fault);
  return {
    components: fleet.members().map(({ component, standing, pid }) => ({ name: component.name, kind: component.service, standing, pid })),
  };
}
