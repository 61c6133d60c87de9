import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Id } from '#protocol/primitives';
import { SessionServer } from '#protocol/session-server';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { readYaml, readYamlFile } from '#runtime/service/yaml-file';
import { refusedWith } from '../../refused-with.ts';
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
    return thrownWords(thrown, everything).detail.replaceAll(file, 'a.yaml').split('\n');
  }
}

test('a misspelt field is named with its line, beside the one that is missing', async (t) => {
  assert.deepEqual(await complaintsOf(t, 'id: one\nlissten: { port: 80 }\n'), [
    'a.yaml:1: field "listen" is missing.',
    'a.yaml:2: unknown field "lissten". Is it misspelled?',
  ]);
});

test('every wrong field has its line, and no value is repeated', async (t) => {
  const complaints = await complaintsOf(t, 'id: Not An Id\nlisten:\n  port: 70000\n');
  assert.equal(complaints.length, 2);
  assert.match(complaints[0] ?? '', /^a\.yaml:1: invalid field "id": expected \/\^/u);
  assert.equal(complaints[1], 'a.yaml:3: invalid field "listen.port": expected <=65535.');
  assert.doesNotMatch(complaints.join(), /Not An Id|70000/u);
});

test('a tag that means nothing here is refused with its line, and its value is not repeated', async (t) => {
  const refused = 'isn’t known here. Write the value itself, or for a secret the path of its file: `file: PATH`.';
  for (const tag of ['!secret', '!ENV', '!vault', '!!float'])
    assert.deepEqual(await complaintsOf(t, `listen: { port: 80 }\nid: ${tag} "hidden"\n`), [`a.yaml:2: the tag ${tag} ${refused}`]);
  assert.deepEqual(await complaintsOf(t, 'id: !!str one\nlisten: { port: 80 }\n'), []);
});

test('an account that no server has is refused in words, and not repeated', () => {
  for (const account of ['Kiosk User', "CORP\\o'brien", 'root']) {
    const server = { protocol: 'ssh', target: { socket: '/s' }, signOn: { kind: 'ask', account: { table: { 'a@b': account } } } };
    assert.throws(
      () => readYaml(SessionServer, JSON.stringify(server), 'a.yaml'),
      (thrown) =>
        refusedWith('bad_config', /"signOn\.account\.table\.a@b": expected (?:an account of|not an account of)/u)(thrown) &&
        !String(thrown).includes(account),
    );
  }
});

test('merge keys are merged', async (t) => {
  const text = 'id: one\nlisten:\n  <<: { port: 80 }\n';
  assert.deepEqual(await complaintsOf(t, text), []);
  assert.deepEqual(await complaintsOf(t, `%YAML 1.2\n---\n${text}`), []);
});

test('a missing file, invalid YAML and too many aliases are each reported', async (t) => {
  assert.deepEqual(await complaintsOf(t, undefined), ['a.yaml is missing.']);
  assert.match((await complaintsOf(t, 'id: [one\n')).join(), /^a\.yaml:\d: invalid YAML: /u);
  const many = `id: &it one\nlisten: { port: 80 }\ntags: [${Array(101).fill('*it').join(', ')}]\n`;
  assert.deepEqual(await complaintsOf(t, many), ['a.yaml: its aliases (*name) lead nowhere, or there are more than 100.']);
});
