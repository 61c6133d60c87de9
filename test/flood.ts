/** A flood against one listener, from addresses of its own on the loopback network, in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Address } from '#protocol/primitives';

export interface Flood {
  /**
   * `half-sent`: requests whose body never ends. `pipelined`: thousands of requests at once, answers unread. `asking`: one request after
   * the other. `hellos`: handshakes, each followed by `frame`.
   */
  readonly kind: 'half-sent' | 'pipelined' | 'asking' | 'hellos';
  readonly at: Address;
  readonly path?: string;
  /** the name under which HTTP is asked, where that is not the address */
  readonly host?: string;
  /** HTTPS; `hellos` always speak TLS */
  readonly tls?: boolean;
  readonly connections: number;
  /** where it comes from: sources that are not the test's own */
  readonly from?: readonly string[];
  /** bytes of a channel's frame, in base64 */
  readonly frame?: string;
}

export interface RunningFlood {
  /** connections that it has lost so far: each is made anew */
  cut(): number;
  stop(): Promise<void>;
}

/** Resolves once all its connections have been made for the first time. */
export async function startFlood(flood: Flood): Promise<RunningFlood> {
  const worker = new Worker(new URL('./flooder.ts', import.meta.url), {
    workerData: { from: ['127.0.0.2'], path: '/', host: `${flood.at.host}:${flood.at.port}`, tls: false, frame: '', ...flood },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let cut = 0;
  const flooding = Promise.withResolvers<void>();
  worker.once('error', flooding.reject);
  worker.on('message', (said: unknown) => {
    if (said === 'flooding') flooding.resolve();
    else cut = Number(said);
  });
  await flooding.promise;
  return { cut: () => cut, stop: async () => void (await worker.terminate()) };
}
