import { MARKER_HEADER } from '#protocol/feed';

/**
 * Whether the Workspace itself answered (B-W20): same origin, not by way of a redirect, carrying the marker. A captive portal's
 * page, a sign-in's redirect and an opaque answer are none of ours.
 */
export function isWorkspaceResponse(response: Response): boolean {
  return response.type === 'basic' && !response.redirected && response.headers.has(MARKER_HEADER);
}
