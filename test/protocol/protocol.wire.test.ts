/**
 * The wire, as a peer of another version meets it: `wire.txt` has every shape with its caps, every table and every agreed number. Each end
 * speaks its own version and the one before it, so that no change here is made by the way. `UPDATE_TRANSCRIPTS=1` writes the file anew:
 * read what changed before you commit it.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as causes from '#protocol/causes';
import * as channel from '#protocol/channel';
import * as cloudApi from '#protocol/cloud-api';
import * as details from '#protocol/details';
import * as errorCodes from '#protocol/error-codes';
import * as errors from '#protocol/errors';
import * as feed from '#protocol/feed';
import * as host from '#protocol/host';
import * as jose from '#protocol/jose';
import * as lease from '#protocol/lease';
import * as limits from '#protocol/limits';
import * as names from '#protocol/names';
import * as page from '#protocol/page';
import * as parse from '#protocol/parse';
import * as primitives from '#protocol/primitives';
import * as serviceConfig from '#protocol/service-config';
import * as sessionProcess from '#protocol/session-process';
import * as sessionServer from '#protocol/session-server';
import * as siteDocument from '#protocol/site-document';
import * as trust from '#protocol/trust';
import * as vault from '#protocol/vault';
import * as workspaceApi from '#protocol/workspace-api';
import { wireReport } from './wire-report.ts';

const MODULES = {
  causes,
  channel,
  'cloud-api': cloudApi,
  details,
  'error-codes': errorCodes,
  errors,
  feed,
  host,
  jose,
  lease,
  limits,
  names,
  page,
  parse,
  primitives,
  'service-config': serviceConfig,
  'session-process': sessionProcess,
  'session-server': sessionServer,
  'site-document': siteDocument,
  trust,
  vault,
  'workspace-api': workspaceApi,
};

test('the wire is the one that was agreed: shapes, caps, times, codes', () => {
  const path = join(import.meta.dirname, 'wire.txt');
  const report = wireReport(MODULES);
  if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(path, report);
  assert.equal(report, readFileSync(path, 'utf8'));
});
