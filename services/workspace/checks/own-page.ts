/** Origin check: a browser names the origin with every POST; the native host sends none. */
import { HoldfastError } from '#protocol/errors';
import type { RequestCheck } from '#runtime/http/routes';
import type { WorkspaceContext } from '../workspace-context.ts';

export function isOwnPage({ config }: Pick<WorkspaceContext, 'config'>): RequestCheck {
  return ({ headers }) => {
    if (headers.origin !== undefined && headers.origin !== config.publicUrl)
      throw new HoldfastError('forbidden_caller', { reason: 'not-the-portal' });
  };
}
