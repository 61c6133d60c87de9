/** The second witness: a page that was held up has somebody else ask before it calls the Workspace silent. */
import { PATIENCE_MS } from '../bridges/receive.ts';
import { isWorkspaceResponse } from '../bridges/workspace-response.ts';

/** Whether the Workspace itself answers, whatever it says. */
export async function hearsWorkspace(): Promise<boolean> {
  try {
    const late = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch('/api/v1/session', { cache: 'no-store', redirect: 'manual', signal: late });
    return isWorkspaceResponse(response) && response.status < 500;
  } catch {
    return false;
  }
}
