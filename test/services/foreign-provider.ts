/**
 * An OpenID provider that nobody here wrote (glewlwyd, of Debian), over TLS under an authority of the test's own. Set up by its administration's
 * API: two issuers, clients of either signature, and people.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newP256 } from '#runtime/jose/sign';
import { needProgram } from '../../cli/desktops/confinement.ts';
import type { Endings } from '../../cli/up/endings.ts';
import { newAuthority } from '../authority.ts';
import { SHOW_LOG } from '../log.ts';
import { until } from '../until.ts';
import { type Answer, type Browser, openBrowser } from './cookie-browser.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { freePort } from './whole-cloud.ts';

/** `tokens`: its claims are in the ID token; `on-demand`: at the userinfo endpoint, for whoever asks by name */
const PLUGINS = ['tokens', 'on-demand'] as const;
const SCOPES = ['profile', 'email', 'groups'] as const;

export interface ForeignPerson {
  readonly name: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly enabled?: boolean;
}
export const CLIENT = { clientId: 'Portal.Of-The_Company', clientSecret: 's3cr3t-of-the-portal' };

export interface ForeignProvider {
  readonly issuers: Readonly<Record<(typeof PLUGINS)[number], string>>;
  readonly caFile: string;
  /** what a browser does there in between: signs in as that person and is sent back */
  signIn(browser: Browser, toProvider: string, person: string): Promise<Answer>;
  openBrowser(): Browser;
}

export interface ForeignOptions {
  /** where it may send people back to */
  readonly redirectUri: string;
  readonly people: readonly ForeignPerson[];
}

const DATA = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const MODULES = '/usr/lib/glewlwyd';
const ADMIN = { username: 'admin', password: 'password' };
const PASSWORD = 'of the test';

/** Ended with the test. */
export async function startForeignProvider(t: Endings, { redirectUri, people }: ForeignOptions): Promise<ForeignProvider> {
  const folder = await temporaryFolder(t);
  const authority = await newAuthority(t);
  const { key, cert } = await authority.certify('localhost');
  const origin = `https://localhost:${await freePort()}`;
  await writeFile(join(folder, 'tls.key'), key);
  await writeFile(join(folder, 'tls.pem'), cert);
  await mkdir(join(folder, 'pages'));
  makeDatabase(join(folder, 'data.db'));
  await writeFile(join(folder, 'provider.conf'), configOf(folder, origin));
  const child = spawn(needProgram('glewlwyd'), [`--config-file=${join(folder, 'provider.conf')}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const out of [child.stdout, child.stderr])
    out.on('data', (chunk) => {
      said += String(chunk);
      if (SHOW_LOG) process.stderr.write(chunk);
    });
  t.after(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  const browser = () => openBrowser(t, { ca: readFileSync(authority.file, 'utf8') });
  const admin = browser();
  await until(
    () => `the provider answers: ${said}`,
    async () => (await admin.ask(`${origin}/config`)).status === 200,
  );
  const call = async (path: string, body: object, method: 'POST' | 'PUT' = 'POST') => {
    const headers = { 'content-type': 'application/json' };
    const answer = await admin.ask(`${origin}/api/${path}`, { method, headers, body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  };
  await call('auth/', ADMIN);
  for (const scope of SCOPES) await call('scope/', { name: scope, display_name: scope, password_required: true, password_max_age: 0 });
  await call('scope/openid', { name: 'openid', display_name: 'openid', password_required: true, password_max_age: 0 }, 'PUT');
  for (const name of PLUGINS) await call('mod/plugin/', pluginOf(name, origin));
  for (const { name, fullName, groups, enabled = true } of people)
    await call('user/', {
      username: name,
      name: fullName,
      email: `${name}@corp.example`,
      password: PASSWORD,
      enabled,
      scope: ['openid', ...SCOPES],
      groups: [...groups],
    });
  await call('client/', clientOf(redirectUri));
  consent(join(folder, 'data.db'));
  return {
    issuers: { tokens: `${origin}/api/tokens`, 'on-demand': `${origin}/api/on-demand` },
    caFile: authority.file,
    openBrowser: browser,
    async signIn(person, toProvider, username) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ username, password: PASSWORD });
      const entered = await person.ask(`${origin}/api/auth/`, { method: 'POST', headers, body });
      if (entered.status !== 200) return entered;
      // As its own page does when somebody presses "Continue" there.
      return person.open(`${toProvider}&g_continue`);
    },
  };
}

/** Its own tables; groups, and a client's addresses after a sign-out, hold several values. */
function makeDatabase(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(readFileSync(DATA, 'utf8'));
  const several = (table: string, column: string, property: string) =>
    database.exec(
      `update ${table} set ${column} = json_set(${column}, '$."data-format"."${property}"',
        json('{"multiple":true,"read":true,"write":true,"profile-read":true,"profile-write":false}'))`,
    );
  several('g_user_module_instance', 'gumi_parameters', 'groups');
  several('g_client_module_instance', 'gcmi_parameters', 'post_logout_redirect_uris');
  database.close();
}

/** Everybody has agreed already that the client sees what it asks for. */
function consent(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec(
    `insert into g_client_user_scope (gs_id, gcus_username, gcus_client_id)
      select gs_id, gu_username, gc_client_id from g_scope, g_user, g_client where gs_name in ('openid', 'profile', 'email', 'groups')`,
  );
  database.close();
}

function configOf(folder: string, origin: string): string {
  return `port=${new URL(origin).port}
bind_address="127.0.0.1"
external_url="${origin}"
login_url="login.html"
api_prefix="api"
static_files_path="${join(folder, 'pages')}/"
log_mode="console"
log_level="WARNING"
cookie_domain="localhost"
cookie_secure=1
session_key="GLEWLWYD2_SESSION_ID"
session_expiration=86400
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${MODULES}/user"
client_module_path="${MODULES}/client"
user_auth_scheme_module_path="${MODULES}/scheme"
plugin_module_path="${MODULES}/plugin"
use_secure_connection=true
secure_connection_key_file="${join(folder, 'tls.key')}"
secure_connection_pem_file="${join(folder, 'tls.pem')}"
hash_algorithm="SHA512"
database = { type = "sqlite3" path = "${join(folder, 'data.db')}" }
`;
}

function pluginOf(name: (typeof PLUGINS)[number], origin: string): object {
  const inToken = name === 'tokens';
  const claim = (claimed: string, property: string, scope: string) => ({
    name: claimed,
    'user-property': property,
    type: 'string',
    mandatory: false,
    'on-demand': true,
    scope: inToken ? [scope] : [],
  });
  return {
    module: 'oidc',
    name,
    display_name: name,
    enabled: true,
    parameters: {
      iss: `${origin}/api/${name}`,
      'jwks-private': JSON.stringify({ keys: [{ ...newP256(), use: 'sig', alg: 'ES256', kid: 'es256' }] }),
      'default-kid': 'es256',
      'access-token-duration': 600,
      'refresh-token-duration': 86_400,
      'code-duration': 60,
      'allow-non-oidc': false,
      'auth-type-code-enabled': true,
      'auth-type-token-enabled': false,
      'auth-type-id-token-enabled': false,
      'auth-type-none-enabled': false,
      'auth-type-password-enabled': false,
      'auth-type-client-enabled': false,
      'auth-type-device-enabled': false,
      'auth-type-refresh-enabled': true,
      'request-parameter-allow': false,
      'subject-type': 'public',
      'jwks-show': true,
      'allowed-scope': ['openid', ...SCOPES],
      'name-claim': 'on-demand',
      'email-claim': 'on-demand',
      'scope-claim': 'no',
      'address-claim': { type: 'no' },
      'name-claim-scope': inToken ? ['profile'] : [],
      'email-claim-scope': inToken ? ['email'] : [],
      claims: [claim('groups', 'groups', 'groups'), claim('account', 'username', 'profile')],
      'pkce-allowed': true,
      'pkce-required': true,
      'pkce-method-plain-allowed': false,
      'pkce-scopes': [],
      'session-management-allowed': true,
      'session-cookie-name': `OIDC_SID_${name}`,
      'session-cookie-expiration': 86_400,
      'back-channel-logout-allowed': false,
      'front-channel-logout-allowed': false,
      'introspection-revocation-allowed': false,
      'register-client-allowed': false,
    },
  };
}

function clientOf(redirectUri: string): object {
  return {
    client_id: CLIENT.clientId,
    name: CLIENT.clientId,
    enabled: true,
    confidential: true,
    client_secret: CLIENT.clientSecret,
    redirect_uri: [redirectUri],
    post_logout_redirect_uris: [new URL('/', redirectUri).href],
    authorization_type: ['code', 'refresh_token'],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
    scope: [],
  };
}
