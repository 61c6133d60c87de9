/**
 * `/v1/trust`: everything public, at once or as soon as the revocation list is newer than the caller's, for a component that waits. Until something
 * changes, one answer serves everybody for a second: thousands ask every minute.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOUD } from '#protocol/cloud-api';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { Role, type TrustDirectory } from '#protocol/trust';
import { signalOf } from '#runtime/http/routes';
import { isStillGood, trustOfAuthority } from '../authority.ts';
import { keysInUse } from '../ledger.ts';
import type { Root } from '../root.ts';

const SAME_FOR_MS = 1_000;

export function trustDirectory(root: Root) {
  const reload = reloader(root);
  let made: { readonly at: number; readonly of: number; readonly text: Promise<string> } | undefined;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { listVersion, now } = parse(CLOUD.trust.request, request.body ?? {});
    const again = listVersion === undefined ? undefined : await root.waits.enter(request, reply);
    if (listVersion !== undefined && again !== undefined) {
      if (now !== undefined) root.revocations.witness(now);
      const waiting = signalOf(request, reply, TIMES.trustWaitSeconds * 1_000);
      await root.revocations.changedSince(listVersion, AbortSignal.any([root.signal, waiting, again]));
      await root.waits.turn();
    }
    const changes = root.changes.count;
    if (made === undefined || made.of !== changes || performance.now() - made.at >= SAME_FOR_MS) {
      const text = reload()
        .then(() => directory(root))
        .then((value) => JSON.stringify(value));
      const mine = { at: performance.now(), of: changes, text };
      made = mine;
      text.catch(() => {
        if (made === mine) made = undefined;
      });
    }
    return reply.type('application/json').send(await made.text);
  };
}

/** Looks for a newer root bundle: somebody asks every few seconds, so a rotation needs nothing else. What is wrong is logged once. */
function reloader({ authority, log }: Root): () => Promise<void> {
  let told: string | undefined;
  return async () => {
    try {
      await authority.reload();
      told = undefined;
    } catch (err) {
      if (String(err) !== told) log.error({ err }, 'The newest root bundle is not used.');
      told = String(err);
    }
  };
}

async function directory(root: Root): Promise<TrustDirectory> {
  const now = root.now();
  const { bundles, newest } = root.authority.current();
  const { list, token } = await root.revocations.fresh();
  const trust = trustOfAuthority(root.authority.current(), list);
  const rows = await keysInUse(root.store.sql);
  const { own } = root.authority;
  const ownStatement = root.authority.signStatement({ role: 'root-of-trust', id: root.config.id, keys: own.stated }, now);
  return {
    rootBundle: newest.signed,
    ...(bundles.length > 1 && { earlierBundles: bundles.slice(0, -1).map(({ signed }) => signed) }),
    revocations: token,
    statements: [
      ownStatement,
      ...rows.map(({ statement }) => statement).filter((statement) => isStillGood(trust, statement, now, Role.options)),
    ],
  };
}
