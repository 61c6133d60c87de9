/** The log of what is under test: silent, or on stderr with `SHOW_LOG=1`. */
import { type Log, openLog } from '#runtime/log/log';

export const SHOW_LOG = process.env['SHOW_LOG'] === '1';

/** Says nothing. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

/** For a service in the test's own process. */
export function testLog(service: string): Log {
  return SHOW_LOG ? openLog({ service, id: 'test', level: 'debug' }) : SILENT;
}

/** What another process has logged elsewhere, once it is over. */
export function showLog(name: string, text: string): void {
  if (SHOW_LOG && text !== '') process.stderr.write(`--- ${name}\n${text.trimEnd()}\n`);
}
