import { MARKER_HEADER } from '#protocol/feed';

/** The part of a Workbox plugin that decides what may be kept. */
export interface KeepRule {
  readonly cacheWillUpdate: (got: { readonly response: Response }) => Promise<Response | null>;
}

/**
 * Keeps only what the Workspace itself answered: same origin, 200, not redirected, carrying the marker, of the right type.
 * A captive portal's page, a sign-in's redirect and an opaque answer are never kept.
 */
export function oursOnly(contentType = ''): KeepRule {
  return {
    cacheWillUpdate: async ({ response }) => {
      const ours = response.type === 'basic' && response.status === 200 && !response.redirected && response.headers.has(MARKER_HEADER);
      return ours && (response.headers.get('content-type') ?? '').startsWith(contentType) ? response : null;
    },
  };
}
