/** `holdfast join`: lays a join token where a service's configuration looks for it; the service enrols with it at its next start. */
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Compact } from '#protocol/primitives';
import { writePrivateFile } from '#runtime/files/private';
import { readYamlFile } from '#runtime/service/yaml-file';
import { readToken } from '../standard-input.ts';

const WithJoin = v.looseObject({ join: v.optional(v.object({ file: v.string() })) });

/** The token comes from a file, or from standard input. */
export async function join({ config, tokenFile }: { readonly config: string; readonly tokenFile?: string }): Promise<void> {
  const { value, at } = readYamlFile(WithJoin, config);
  if (value.join === undefined) throw new HoldfastError('bad_config', { reason: 'no-join-setting', ...at([]) });
  const token = await readToken(tokenFile ?? '-');
  if (!v.is(Compact, token)) throw new HoldfastError('bad_request', { reason: 'no-join-token' });
  const target = resolve(dirname(config), value.join.file);
  await writePrivateFile(target, `${token}\n`);
  process.stdout.write(`The join token is in ${target}. Start the service: it enrols with it once.\n`);
}
