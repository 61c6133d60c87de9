/** Another time for one process and what it starts: its dates are moved, its timers run as they do. By libfaketime, which comes with `faketime`. */

/** The dynamic linker puts the machine's own library folder in place of `$LIB`. */
const LIBRARY = '/usr/$LIB/faketime/libfaketime.so.1';

/** For the process's environment; `days` from now. */
export function clockAhead(days: number): NodeJS.ProcessEnv {
  return { LD_PRELOAD: LIBRARY, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
