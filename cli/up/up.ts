/** `holdfast up`: the whole system on one machine, from an empty folder to a signed-in browser, and back to nothing. */
import { join } from 'node:path';
import { findBrowser } from './browser.ts';
import { windowOpener } from './browser-window.ts';
import { type ControlReply, type ControlRequest, serveControl } from './control.ts';
import { installNativeHost } from './native-host.ts';
import type { UpOptions } from './options.ts';
import { componentNamed, urlOf } from './plan.ts';
import { meetPrerequisites } from './prerequisites.ts';
import { reportOf, type UpReport } from './report.ts';
import { startComponents } from './start-components.ts';
import type { Supervisor } from './supervisor.ts';

export interface RunningUp {
  readonly report: UpReport;
  readonly supervisor: Supervisor;
  openBrowser(): void;
}

/** Throws a `HoldfastError` that says what to do; `endings` then undo what was begun. */
export async function bringUp(options: UpOptions): Promise<RunningUp> {
  const { portBase, projectDir, signal, endings, say } = options;
  if (options.browser !== 'none') findBrowser();
  const prerequisites = await meetPrerequisites(options);
  const { dir, run, ceremony } = prerequisites;
  const supervisor = await startComponents(prerequisites, options);

  const url = urlOf(componentNamed('workspace'), portBase);
  const extension = join(projectDir, 'dist', 'extension');
  const profile = dir.folder('browser');
  const workspace = { url, name: 'Holdfast', rootPin: ceremony.pins.rootPin };
  const manifest = await installNativeHost({ extension, profile, home: dir.folder('host'), workspace });
  const logFile = join(dir.folder('logs'), 'browser.log');
  const headless = options.browser === 'headless';
  const openBrowser = windowOpener({ profile, extension, url, headless, logFile }, { run, endings, say });
  await serveControl(dir.control, (request) => answerControl(supervisor, request), signal);
  if (options.browser !== 'none') openBrowser();

  const report = reportOf({
    base: portBase,
    prerequisites,
    supervisor,
    extensionDir: extension,
    nativeHostManifest: manifest,
    browserProfile: profile,
  });
  return { supervisor, openBrowser, report };
}

async function answerControl(supervisor: Supervisor, request: ControlRequest): Promise<ControlReply> {
  if (request.type === 'outage') await supervisor.apply(request.component, request.fault);
  return {
    components: supervisor
      .components()
      .map(({ component, standing, pid }) => ({ name: component.name, kind: component.service, standing, pid })),
  };
}
