import { isOurs } from '../bridges/ours.ts';

/** The part of a Workbox plugin that decides what may be kept. */
export interface KeepRule {
  readonly cacheWillUpdate: (got: { readonly response: Response }) => Promise<Response | null>;
}

/** Keeps only what the Workspace itself answered, with 200 and of the right type. */
export function oursOnly(contentType = ''): KeepRule {
  return {
    cacheWillUpdate: async ({ response }) => {
      return isOurs(response) && response.status === 200 && (response.headers.get('content-type') ?? '').startsWith(contentType)
        ? response
        : null;
    },
  };
}
