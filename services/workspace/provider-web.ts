/** Connections to the identity provider: ordinary HTTP(S) with the system's authorities, by the environment's proxy, few at a time. */
import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { type ProxyEnvironment, proxyFor } from '#runtime/http/proxy-env';
import { authoritiesWith } from '#runtime/tls/authorities';
import { lookup } from '#runtime/tls/lookup';

const CONNECTIONS = 8;
/** Finished at once: of the connections two are left, by which the provider is asked whether it answers and for its keys. */
export const SIGN_INS_AT_ONCE = CONNECTIONS - 2;
/** ms */
const CONNECT_MS = 1_500;
const KEPT_MS = 10_000;

export interface ProviderRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface ProviderWeb {
  ask(url: string, options: ProviderRequest): Promise<Dispatcher.ResponseData>;
  close(): Promise<void>;
}

export interface ProviderWebOptions {
  /** further authorities, PEM */
  readonly caFile?: string | undefined;
  readonly env?: ProxyEnvironment;
}

/** Throws `bad_config` when the file of authorities can't be used. */
export function openProviderWeb({ caFile, env = process.env }: ProviderWebOptions = {}): ProviderWeb {
  let read: SecureContext | undefined;
  // A provider on this machine needs none, and reading some hundred takes its time and memory; a file is checked at once.
  const secureContext = () => {
    read ??= createSecureContext({ ca: authoritiesWith(caFile) });
    return read;
  };
  if (caFile !== undefined) secureContext();
  const common = { connections: CONNECTIONS, pipelining: 1, keepAliveTimeout: KEPT_MS };
  /** by what is dialled: the proxy, or the scheme */
  const agents = new Map<string, Dispatcher>();
  const open = (proxy: string | undefined, secure: boolean): Dispatcher => {
    const connect = { lookup, timeout: CONNECT_MS, ...(secure && { secureContext: secureContext() }) };
    return proxy === undefined
      ? new Agent({ ...common, connect })
      : new ProxyAgent({ ...common, uri: proxy, requestTls: connect, proxyTls: connect });
  };
  return {
    ask(url, options) {
      const proxy = proxyFor(url, env);
      const secure = url.startsWith('https:');
      const key = proxy ?? (secure ? 'https' : 'http');
      const dispatcher = agents.get(key) ?? open(proxy, secure);
      agents.set(key, dispatcher);
      return request(url, { ...options, dispatcher });
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}
