/** Two people and what is published to them, for the portal's tests. */
import type { FeedDocument, FeedResource } from '#protocol/feed';
import type { PortalSession } from '#protocol/workspace-api';

const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';

export function sessionOf(subject: string, name: string, origin: string): PortalSession {
  return {
    user: { subject, name, upn: `${name.toLowerCase().replace(' ', '.')}@contoso.example`, groups: ['Staff'] },
    workspace: { name: 'Contoso Workspace', origin, tenant: 'contoso' },
    feeds: [
      { id: 'apps', name: 'Contoso apps' },
      { id: 'web', name: 'Web links' },
    ],
    continuity: { enabled: true, leaseDays: 7, deleteLeasesOnSignOut: true },
    newDevices: [],
    deviceNonce: NONCE,
    csrf: NONCE,
  };
}

const at = (site: 'Zurich' | 'Bern') => [{ id: site.toLowerCase(), name: site }];

function remote(id: string, name: string, kind: 'app' | 'desktop', site: 'Zurich' | 'Bern', protocol: 'rdp' | 'ssh' = 'rdp'): FeedResource {
  return { id, name, kind, protocol, locations: at(site), leasable: true };
}

export const PUBLISHED: readonly FeedResource[] = [
  remote('ledger', 'Ledger', 'app', 'Zurich'),
  remote('mail', 'Mail', 'app', 'Zurich'),
  remote('case-files', 'Case Files', 'app', 'Zurich'),
  remote('design-studio', 'Design Studio', 'app', 'Bern'),
  remote('lab-notebook', 'Lab Notebook', 'app', 'Zurich'),
  remote('payroll', 'Payroll', 'app', 'Zurich'),
  remote('stock-room', 'Stock Room', 'app', 'Zurich'),
  remote('build-server', 'Build server', 'desktop', 'Zurich', 'ssh'),
  remote('office-desktop', 'Office desktop', 'desktop', 'Zurich'),
];
const WEB: readonly FeedResource[] = [
  { id: 'wiki', name: 'Wiki', kind: 'web', url: 'http://wiki.localhost/' },
  { id: 'travel', name: 'Travel', kind: 'web', url: 'http://travel.localhost/', icon: '/icons/aaaaaaaaaaaaaaaaaaaa.svg' },
];

export function documentsOf(subject: string, now: number, apps: readonly FeedResource[] = PUBLISHED): readonly FeedDocument[] {
  return [
    { v: 1, feed: 'apps', name: 'Contoso apps', subject, asOf: now, resources: [...apps] },
    { v: 1, feed: 'web', name: 'Web links', subject, asOf: now, resources: [...WEB] },
  ];
}

export function many(count: number): readonly FeedResource[] {
  return Array.from({ length: count }, (_, index) =>
    remote(`app-${index}`, `Application ${index}`, index % 5 === 0 ? 'desktop' : 'app', 'Zurich'),
  );
}
