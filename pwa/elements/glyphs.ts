/** Small drawings: the glyphs of the sprite in index.html, and a resource's picture. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { FeedResource } from '#protocol/feed';

export function glyph(name: string, kind = ''): TemplateResult {
  return html`<svg class="glyph ${kind}" aria-hidden="true"><use href="#g-${name}"/></svg>`;
}

/** The resource's own icon, or the drawing of its kind. `over` is the badge of a dimmed tile or of a failed launch. */
export function picture(resource: FeedResource, over?: { readonly glyph: string; readonly stop?: boolean }): TemplateResult {
  const own =
    resource.icon === undefined
      ? drawn(resource)
      : html`<img src=${resource.icon} alt="" width="40" height="40" decoding="async" loading="lazy">`;
  return html`<span class="icon" aria-hidden="true">${own}${over === undefined ? nothing : glyph(over.glyph, over.stop ? 'over stop' : 'over')}</span>`;
}

const DRAWN = {
  app: { ground: '#0f6477', lines: svg`<rect x="5" y="6" width="14" height="12" rx="1.5"/><path d="M5 9.5h14"/>` },
  desktop: { ground: '#4b5563', lines: svg`<rect x="5" y="6" width="14" height="9.5" rx="1.5"/><path d="M9.5 18.5h5"/>` },
  terminal: { ground: '#1f2a2e', lines: svg`<path d="m6 8 4 4-4 4m6 .5h6"/>` },
  web: {
    ground: '#2f67a8',
    lines: svg`<circle cx="12" cy="12" r="6.5"/><path d="M5.5 12h13M12 5.5c2.6 2.2 2.6 10.8 0 13-2.6-2.2-2.6-10.8 0-13Z"/>`,
  },
} as const;

function drawn(resource: FeedResource): TemplateResult {
  const { ground, lines } = DRAWN[resource.kind !== 'web' && resource.protocol === 'ssh' ? 'terminal' : resource.kind];
  return html`<svg viewBox="0 0 24 24"><rect width="24" height="24" fill=${ground}/><g fill="none" stroke="#fff" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${lines}</g></svg>`;
}
