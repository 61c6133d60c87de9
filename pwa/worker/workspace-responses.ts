import { isWorkspaceResponse } from '../bridges/workspace-response.ts';

/** The part of a Workbox plugin that decides what may be cached. */
export interface KeepRule {
  readonly cacheWillUpdate: (got: { readonly response: Response }) => Promise<Response | null>;
}

/** Caches only the Workspace's own responses, with status 200 and the right type. */
export function workspaceResponsesOnly(contentType = ''): KeepRule {
  return {
    cacheWillUpdate: async ({ response }) => {
      return isWorkspaceResponse(response) &&
        response.status === 200 &&
        (response.headers.get('content-type') ?? '').startsWith(contentType)
        ? response
        : null;
    },
  };
}
