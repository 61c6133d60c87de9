/** What the site document says of a session host: its location and delivery group are the document's to say, whatever it registers as. */
import type { SiteSessionHost } from '#protocol/site-document';
import type { Site } from '../access/site.ts';

/** Undefined when the document names no such session host at this location. */
export function sessionHostNamedAt(site: Site, location: string, id: string): SiteSessionHost | undefined {
  const named = site.sessionHosts.get(id);
  return named?.location === location ? named : undefined;
}
