import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { newP256 } from '#runtime/jose/sign';
import { CONFIG_SCHEMAS, type ConfigContext, configOf } from '../../../cli/up/component-configs.ts';
import { PEOPLE } from '../../../cli/up/people.ts';
import { COMPONENTS, componentsNamed, LOCATIONS, PORT_SPAN, portsOf, urlOf } from '../../../cli/up/plan.ts';
import { siteOf } from '../../../cli/up/site.ts';

const BASE = 7_400;
const DIGEST = 'A'.repeat(43);

const context: ConfigContext = {
  base: BASE,
  secrets: {
    users: Object.fromEntries(PEOPLE.map(({ name }) => [name, 'a password'])),
    adminToken: 'token-of-the-administrator',
    clientSecret: 'secret',
    identityKey: newP256(),
  },
  root: { url: 'https://127.0.0.1:7405', tlsPin: DIGEST, rootPin: DIGEST },
  portal: '/portal',
  siteToken: 'token-of-this-very-start',
  roleKeys: { trust: '/trust.json', revoker: '/revoker.json', issuer: '/issuer.json', bundles: '/bundles' },
  dataDirOf: (name) => `/data/${name}`,
  joinOf: () => 'a.join.token',
  serverOf: () => ({ protocol: 'ssh', target: { socket: '/socket' } }),
};

test('no two listeners share a port, and all lie within the span', () => {
  const ports = COMPONENTS.flatMap((component) => Object.values(portsOf(component, 0)));
  assert.equal(new Set(ports).size, ports.length);
  assert.ok(ports.every((port) => port >= 0 && port < PORT_SPAN));
});

for (const component of COMPONENTS) {
  test(`the configuration of ${component.name} is one that its service takes`, () => {
    parse(CONFIG_SCHEMAS[component.service], configOf(component, context), 'bad_config');
  });
}

test('two locations with two connectors each, two gateways', () => {
  const site = parse(SiteDocument, siteOf(BASE, COMPONENTS), 'bad_config');
  assert.deepEqual(
    site.locations.map(({ id, connectors }) => [id, connectors.length]),
    LOCATIONS.map(({ id }) => [id, 2]),
  );
  assert.equal(site.gateways.length, 2);
});

test('the terminal is published in both locations, other resources in one', () => {
  const site = siteOf(BASE, COMPONENTS);
  const locationsOf = (id: string) => {
    const groups = site.resources.find((resource) => resource.id === id)?.deliveryGroups ?? [];
    return [...new Set(site.sessionHosts.filter((host) => groups.includes(host.deliveryGroup)).map(({ location }) => location))];
  };
  assert.deepEqual(locationsOf('terminal'), ['zurich', 'bern']);
  assert.deepEqual(locationsOf('linux-desktop'), ['zurich']);
  assert.deepEqual(locationsOf('office-desktop'), ['bern']);
});

test('a desktop that cannot be had is not published', () => {
  const without = COMPONENTS.filter(({ desktop }) => desktop !== 'bern-rdp');
  const site = siteOf(BASE, without);
  assert.ok(!site.resources.some(({ id }) => id === 'office-desktop'));
  assert.ok(!site.deliveryGroups.some(({ id }) => id === 'office-desktops'));
});

test('groups stand for the components that their names promise', () => {
  const names = (name: string) => componentsNamed(name, COMPONENTS).map((component) => component.name);
  assert.deepEqual(names('cloud'), ['workspace', 'identity', 'broker', 'tickets', 'lease-issuer', 'root-of-trust']);
  assert.deepEqual(names('pops'), ['gateway-1', 'gateway-2']);
  assert.deepEqual(names('zurich-connector-1'), ['zurich-connector-1']);
  assert.deepEqual(names('nobody'), []);
});

test('the workspace and the identity provider have origins of their own', () => {
  const url = (name: string) => urlOf(COMPONENTS.find((component) => component.name === name) ?? assert.fail(), BASE);
  assert.equal(url('workspace'), 'http://workspace.localhost:7400');
  assert.equal(url('identity'), 'http://identity.localhost:7401');
});
