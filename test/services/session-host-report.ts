/** What a connector says of its session hosts. */

import type { Registration } from '#protocol/channel';
import { CLOUD } from '#protocol/cloud-api';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';

export function registration(id: string, sessions: Registration['sessions'] = []): Registration {
  return { id, address: { host: '127.0.0.1', port: 2600 }, protocols: ['ssh'], sessions, maxSessions: 2 };
}

export async function report(connector: Component, brokerUrl: string, hosts: readonly Registration[]): Promise<void> {
  const body = { location: connector.location ?? '', connector: connector.id, sessionHosts: [...hosts] };
  await cloudCall(connector, brokerUrl, CLOUD.reportSessionHosts, body, { signal: new AbortController().signal, deadlineMs: 5_000 });
}
