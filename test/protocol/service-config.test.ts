/** No configuration, policy or document takes an address to which anything would travel without TLS. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import * as v from 'valibot';
import { FeedResource } from '#protocol/feed';
import {
  ConnectorConfig,
  IdentityConfig,
  LeaseIssuerConfig,
  RootOfTrustConfig,
  RootOfTrustRef,
  WorkspaceConfig,
} from '#protocol/service-config';
import { PortalSettings } from '#protocol/site-document';
import { HostConfig } from '#protocol/vault';
import { SignOutReply } from '#protocol/workspace-api';
import { Workspace } from '../../extension/workspaces/policy.ts';

const PIN = 'A'.repeat(43);
const web = (url: string) => ({ id: 'a', name: 'A', url });

/** Where such an address stands; `here`: whether one of this machine may be without TLS. */
const PLACES: readonly (readonly [place: string, takes: (url: string) => boolean, here: boolean])[] = [
  ['Workspace: publicUrl', (url) => v.is(WorkspaceConfig.entries.publicUrl, url), true],
  ['Workspace: issuer', (url) => v.is(WorkspaceConfig.entries.signIn.entries.issuer, url), true],
  ['Workspace: broker', (url) => v.is(WorkspaceConfig.entries.broker, url), false],
  ['Workspace: tickets', (url) => v.is(WorkspaceConfig.entries.tickets, url), false],
  ['Workspace: leaseIssuer', (url) => v.is(WorkspaceConfig.entries.leaseIssuer, url), false],
  ['identity: publicUrl', (url) => v.is(IdentityConfig.entries.publicUrl, url), true],
  [
    'identity: redirectUris',
    (url) => v.is(IdentityConfig.entries.clients, [{ id: 'a', secret: { value: 'b' }, redirectUris: [url] }]),
    true,
  ],
  ['lease issuer: broker', (url) => v.is(LeaseIssuerConfig.entries.broker, url), false],
  ['connector: broker', (url) => v.is(ConnectorConfig.entries.broker, url), false],
  ['root of trust: publicUrl', (url) => v.is(RootOfTrustConfig.entries.publicUrl, url), false],
  ['every service: rootOfTrust', (url) => v.is(RootOfTrustRef, { url, tlsPin: PIN, rootPin: PIN }), false],
  ['native host', (url) => v.is(HostConfig.entries.workspaces, [{ url, name: 'A', rootPin: PIN }]), true],
  ['extension, by policy', (url) => v.is(Workspace, { url, name: 'A' }), true],
  ['site document: fallbackUrls', (url) => v.is(PortalSettings.entries.portal, { fallbackUrls: [url] }), true],
  ['site document: webApps', (url) => v.is(PortalSettings.entries.webApps, [web(url)]), true],
  ['a feed’s link', (url) => v.is(FeedResource, { ...web(url), kind: 'web' }), true],
  ['the provider’s sign-out', (url) => v.is(SignOutReply, { next: url }), true],
];

describe('B-I5b no configuration, policy or document takes an address to which anything would travel without TLS', () => {
  for (const [place, takes, here] of PLACES) {
    test(`${place}: TLS, or this machine${here ? '' : ', and there TLS, too'}`, () => {
      assert.ok(takes('https://a.example'));
      assert.equal(takes('http://a.localhost:7400'), here);
      for (const url of [
        'http://a.example',
        'http://10.0.0.1',
        'http://127.0.0.1.a.example',
        'http://a.localhost.a.example',
        'ftp://a.example',
      ])
        assert.equal(takes(url), false, url);
    });
  }
});
