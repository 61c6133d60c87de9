/**
 * Workspaces and a slow, lossy way to them, in a process of their own that comes first at the processors: they are not on the device
 * that is measured, and what keeps the device busy does not keep them waiting.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import * as v from 'valibot';
import { documentsOf, sessionOf } from '../pwa/people.ts';
import { startWorkspacePeer } from '../pwa/workspace-peer.ts';
import { type LossOptions, openSlowLink } from './slow-link.ts';

/** Above everything else that a person's processes are; only root may. */
const PRIORITY = -15;

export interface FarWorkspaces {
  readonly origins: readonly string[];
  /** From now on every answer takes so many milliseconds. */
  delay(ms: number): Promise<void>;
  /** chunks so far on the way to one of them */
  chunks(origin: string): Promise<{ readonly passed: number; readonly late: number }>;
  end(): void;
}

const Ask = v.variant('do', [
  v.object({ do: v.literal('delay'), ms: v.number() }),
  v.object({ do: v.literal('chunks'), origin: v.string() }),
]);
const Settings = v.object({
  count: v.number(),
  subject: v.string(),
  portal: v.string(),
  loss: v.object({ loss: v.number(), retransmitMs: v.number() }),
});
const Ready = v.object({ origins: v.array(v.string()) });
const Chunks = v.object({ passed: v.number(), late: v.number() });

/** `portal`: the folder of the built one. */
export async function startFarWorkspaces(count: number, subject: string, portal: string, loss: LossOptions): Promise<FarWorkspaces> {
  const child = fork(import.meta.filename, [JSON.stringify({ count, subject, portal, loss })], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const { origins } = v.parse(Ready, await answerOf(child));
  return {
    origins,
    delay: async (ms) => void (await asked(child, { do: 'delay', ms })),
    chunks: async (origin) => v.parse(Chunks, await asked(child, { do: 'chunks', origin })),
    end: () => void child.kill(),
  };
}

/** One question at a time: whoever asks waits for the answer to the one before. */
const asking = new WeakMap<ChildProcess, Promise<unknown>>();

function asked(child: ChildProcess, ask: v.InferOutput<typeof Ask>): Promise<unknown> {
  const before = asking.get(child) ?? Promise.resolve();
  const answer = before.then(() => {
    child.send(ask);
    return answerOf(child);
  });
  asking.set(child, answer);
  return answer;
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const [said] = await once(child, 'message');
  return said;
}

if (process.send !== undefined && process.argv[1] === import.meta.filename)
  await serve(v.parse(Settings, JSON.parse(process.argv[2] ?? '')));

async function serve({ count, subject, portal, loss }: v.InferOutput<typeof Settings>): Promise<void> {
  try {
    setPriority(PRIORITY);
  } catch {
    console.error('P2  not root: the Workspaces wait for a processor like the device.');
  }
  const far = await Promise.all(
    Array.from({ length: count }, async () => {
      const peer = await startWorkspacePeer(portal, sessionOf(subject, 'Mara Keller', ''), documentsOf(subject, Date.now()));
      const link = await openSlowLink(Number(new URL(peer.origin).port), loss);
      const origin = `http://workspace.localhost:${link.port}`;
      peer.session = sessionOf(subject, 'Mara Keller', origin);
      return { peer, link, origin };
    }),
  );
  const answers = {
    delay: ({ ms }: { ms: number }) => {
      for (const { peer } of far) peer.delayMs = ms;
      return {};
    },
    chunks: ({ origin }: { origin: string }) => far.find((one) => one.origin === origin)?.link.chunks,
  };
  process.on('message', (said) => {
    const ask = v.parse(Ask, said);
    process.send?.(ask.do === 'delay' ? answers.delay(ask) : answers.chunks(ask));
  });
  // Whoever measures may be killed.
  process.on('disconnect', () => process.exit());
  process.send?.({ origins: far.map(({ origin }) => origin) });
}
