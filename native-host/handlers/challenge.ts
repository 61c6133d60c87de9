/** A challenge, which a page of this Workspace takes to its server to have it say who is signed in. */
import type { Handler } from './handler.ts';

export const challenge: Handler<'challenge'> = async (host, { workspace }) => ({ challenge: host.challenges.give(workspace) });
