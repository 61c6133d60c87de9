/** The program that the manifest names: a script with absolute paths, because a browser's PATH and working folder differ from the user's. */
import { join } from 'node:path';
import { NODE_FLAGS } from '../program-paths.ts';
import type { Scope } from './places.ts';

export interface WrapperPaths {
  readonly node: string;
  readonly program: string;
  /** undefined: each person's own default folder */
  readonly home: string | undefined;
}

/** Folder of the wrapper for all users of the device; on Windows there is none. */
const SYSTEM_FOLDER = '/usr/local/lib/holdfast';

export function wrapperName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'holdfast-host.cmd' : 'holdfast-host';
}

/** `home`: the host's folder. */
export function wrapperPath(platform: NodeJS.Platform, { home, scope }: { readonly home: string; readonly scope: Scope }): string {
  return join(scope === 'system' && platform !== 'win32' ? SYSTEM_FOLDER : home, wrapperName(platform));
}

export function wrapperScript(platform: NodeJS.Platform, { node, program, home }: WrapperPaths): string {
  if (platform === 'win32') {
    const set = home === undefined ? [] : [`set "HOLDFAST_HOST_HOME=${home}"`];
    return ['@echo off', ...set, `"${node}" ${NODE_FLAGS.join(' ')} "${program}" %*`, ''].join('\r\n');
  }
  const set = home === undefined ? [] : [`HOLDFAST_HOST_HOME=${quoted(home)}`, 'export HOLDFAST_HOST_HOME'];
  return ['#!/bin/sh', ...set, `exec ${quoted(node)} ${NODE_FLAGS.join(' ')} ${quoted(program)} "$@"`, ''].join('\n');
}

/** Quotes a word for the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
