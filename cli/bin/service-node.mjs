/** How Node is started for a service, so that it stays small: plain JavaScript, since `on-node-24.mjs` needs it before there is Node 24. */

/**
 * A small young generation (MiB), and WebAssembly by the baseline compiler only: the one module that services have, the HTTP
 * client's parser, otherwise costs each of them 20 MiB while it is compiled.
 */
export const SERVICE_FLAGS = ['--max-semi-space-size=1', '--liftoff-only'];

/** One arena: the C library's memory for each of Node's threads would be another 5 MiB. */
export const SERVICE_ENV = { MALLOC_ARENA_MAX: '1' };
