/** A service's configuration: `--config FILE`, validated before anything else happens. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { readYamlFile } from './yaml-file.ts';

/** A secret stands in the file itself, or better in a file of its own. */
export type SecretRef = { readonly value: string } | { readonly file: string };

/**
 * The configuration that `--config FILE` names in `argv` (the arguments after the program). Paths in it are relative to the
 * file: the process changes to its folder. Throws `bad_config`.
 */
export function readConfig<S extends v.GenericSchema>(schema: S, argv: readonly string[]): v.InferOutput<S> {
  const at = argv.indexOf('--config');
  const file = at < 0 ? undefined : argv[at + 1];
  if (file === undefined) throw new HoldfastError('bad_config', { reason: 'option-missing', option: '--config FILE' });
  const path = resolve(file);
  const { value } = readYamlFile(schema, path);
  process.chdir(dirname(path));
  return value;
}

/** The line break that editors leave at the end of a file, and YAML at the end of `value: |`. */
const LAST_BREAK = /\r?\n$/u;

/** The secret itself, spaces and all, without a line break at its end. Throws `bad_config`. */
export function readSecret(secret: SecretRef): string {
  if ('value' in secret) return secret.value.replace(LAST_BREAK, '');
  try {
    const text = readFileSync(secret.file, 'utf8').replace(LAST_BREAK, '');
    if (text.trim() !== '') return text;
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'secret-unreadable', path: secret.file }, { cause });
  }
  throw new HoldfastError('bad_config', { reason: 'secret-empty', path: secret.file });
}
