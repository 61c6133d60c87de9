import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Id } from '#protocol/primitives';
import { readYamlFile } from '#runtime/service/yaml-file';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const Schema = v.strictObject({
  id: Id,
  listen: v.strictObject({ port: v.pipe(v.number(), v.maxValue(65_535)) }),
  tags: v.optional(v.array(Id)),
});

async function complaintsOf(t: TestContext, text: string | undefined): Promise<string[]> {
  const file = join(await temporaryFolder(t), 'a.yaml');
  if (text !== undefined) await writeFile(file, text);
  try {
    readYamlFile(Schema, file);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof HoldfastError && thrown.code === 'bad_config');
    return (thrown.detail ?? '').replaceAll(file, 'a.yaml').split('\n');
  }
}

test('a misspelt field is named with its line, beside the one that is missing', async (t) => {
  assert.deepEqual(await complaintsOf(t, 'id: one\nlissten: { port: 80 }\n'), [
    'a.yaml:1: field "listen" is missing.',
    'a.yaml:2: there is no field "lissten" in such a file; is it misspelt?',
  ]);
});

test('every wrong field has its line, and no value is repeated', async (t) => {
  const complaints = await complaintsOf(t, 'id: Not An Id\nlisten:\n  port: 70000\n');
  assert.equal(complaints.length, 2);
  assert.match(complaints[0] ?? '', /^a\.yaml:1: field "id" should be written as \/\^/u);
  assert.equal(complaints[1], 'a.yaml:3: field "listen.port" should be <=65535, but something else is there.');
  assert.doesNotMatch(complaints.join(), /Not An Id|70000/u);
});

test('a file that is not there, is no YAML, or unfolds too far, is told as such', async (t) => {
  assert.deepEqual(await complaintsOf(t, undefined), ['a.yaml is not there.']);
  assert.match((await complaintsOf(t, 'id: [one\n')).join(), /^a\.yaml:\d: it is not YAML: /u);
  const many = `id: &it one\nlisten: { port: 80 }\ntags: [${Array(101).fill('*it').join(', ')}]\n`;
  assert.deepEqual(await complaintsOf(t, many), ['a.yaml: its aliases (*name) lead nowhere, or are more than 100.']);
});
