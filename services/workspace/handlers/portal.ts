/** The portal's files. Shell and worker are revalidated every time; files with a hash in their name never. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import serveFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '#protocol/errors';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html holdfast-worker',
].join('; ');

const ALWAYS_ASK = 'no-cache';
const NEVER_ASK = 'public, max-age=31536000, immutable';
/** `name-<hash>.ext` */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/u;

/** Throws `bad_config` when the folder is missing. */
export async function servePortal(server: FastifyInstance, folder: string): Promise<void> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new HoldfastError('bad_config', { reason: 'no-portal', path: folder });
  }
  await server.register(serveFiles, {
    root: resolve(folder),
    index: ['index.html'],
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders(reply, path) {
      reply.header('cache-control', HASHED.test(basename(path)) ? NEVER_ASK : ALWAYS_ASK);
      reply.header('content-security-policy', POLICY);
      reply.header('referrer-policy', 'no-referrer');
      reply.header('x-content-type-options', 'nosniff');
    },
  });
}
