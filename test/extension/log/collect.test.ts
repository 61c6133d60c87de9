/** One log file of all parts, as far as they answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostPort } from '../../../extension/host/port.ts';
import { collectLogs } from '../../../extension/log/collect.ts';
import { createLog } from '../../../extension/log/log.ts';

const at = (second: number, words: string): string => `2030-05-02T10:00:${String(second).padStart(2, '0')}.000Z ${words}`;

/** A host whose log has so many pages of one line each, the newest first. */
function hostOf(pages: number) {
  const asked: object[] = [];
  const request = async (_type: string, body: { readonly offset?: number }) => {
    asked.push(body);
    const page = body.offset ?? 0;
    return { lines: [at(59 - page, `host page ${page}`)], ...(page + 1 < pages && { next: page + 1 }) };
  };
  return { asked, host: { request } as unknown as HostPort };
}
const log = () =>
  createLog(
    () => Date.parse('2030-05-02T10:00:00Z'),
    [],
    () => {},
  );

test('B-E8a the host’s log is read page by page, to its end', async () => {
  const { asked, host } = hostOf(3);
  const text = await collectLogs(log(), host, []);
  assert.deepEqual(asked, [{ offset: 0 }, { offset: 1 }, { offset: 2 }]);
  assert.deepEqual(text.match(/host page \d/gu), ['host page 2', 'host page 1', 'host page 0']);
});

test('B-E8a no more than 20 pages of it', async () => {
  const { asked, host } = hostOf(40);
  await collectLogs(log(), host, []);
  assert.equal(asked.length, 20);
});

test('a portal gets the lines of its own Workspace only', async () => {
  const { asked, host } = hostOf(1);
  await collectLogs(log(), host, [], 'https://workspace.example');
  assert.deepEqual(asked, [{ offset: 0, workspace: 'https://workspace.example' }]);
});

test('a host that does not answer leaves the others’ lines, and what it said before', async () => {
  const { host } = hostOf(3);
  const { request } = host;
  const broken = {
    request: (type: 'logs', body: { offset?: number }) =>
      (body.offset ?? 0) > 1 ? Promise.reject(new Error('gone')) : request(type, body),
  };
  const own = log();
  own.write('a line of the extension');
  const text = await collectLogs(own, broken as unknown as HostPort, [at(1, 'portal a line of the page')]);
  for (const line of ['a line of the extension', 'a line of the page', 'host page 0', 'host page 1']) assert.ok(text.includes(line), line);
  assert.match(own.lines().at(-1) ?? '', /host logs: Error: gone/u);
});
