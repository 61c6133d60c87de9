/** A small Workspace for the portal's tests: serves the built portal and the API, and can be told how to fail. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';
import { type FeedDocument, MARKER_HEADER } from '#protocol/feed';
import type { LaunchFile } from '#protocol/lease';
import type { PortalSession } from '#protocol/workspace-api';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** `ok`, or how every API answer fails. `hang` accepts and never answers. */
export type Mood = 'ok' | 'hang' | 'captive' | 'forbidden' | 'error' | 'signed-out';
export type FeedMood = 'ok' | 'truncated' | 'unmarked-empty' | 'foreign-empty' | 'error' | 'emptied' | 'redirected' | 'hang';

export interface WorkspacePeer {
  readonly origin: string;
  mood: Mood;
  /** of all feeds, or of one: `moods.set('web', 'error')` */
  readonly feedMoods: Map<string, FeedMood>;
  /** whose cookie the browser has */
  session: PortalSession;
  readonly documents: Map<string, FeedDocument>;
  launch: 'ok' | 'hang' | 'denied' | 'blocked-by-proxy' | 'error';
  /** called before every answer to this path, which waits for it */
  readonly held: Map<string, () => Promise<void>>;
  /** where its sign-out sends the browser */
  signOutAt: string | undefined;
  /** milliseconds before every answer */
  delayMs: number;
  /** "METHOD /path" of everything that was asked */
  readonly asked: string[];
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** `built`: folder of the built portal. The session's Workspace origin becomes the peer's own. */
export async function startWorkspacePeer(
  built: string,
  session: PortalSession,
  documents: readonly FeedDocument[],
): Promise<WorkspacePeer> {
  const sockets = new Set<Socket>();
  let server = listenWith();
  let port = 0;

  function listenWith() {
    const made = createServer((request, response) => void answer(request, response));
    made.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return made;
  }
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = listenWith();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await start();
  const address = server.address() as AddressInfo;
  port = address.port;

  const peer: WorkspacePeer = {
    origin: `http://workspace.localhost:${port}`,
    mood: 'ok',
    feedMoods: new Map(),
    session,
    documents: new Map(documents.map((document) => [document.feed, document])),
    launch: 'ok',
    held: new Map(),
    signOutAt: undefined,
    delayMs: 0,
    asked: [],
    start,
    stop,
  };
  return peer;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://peer');
    peer.asked.push(`${request.method} ${pathname}`);
    // What is answered is decided when the request arrives.
    const { mood } = peer;
    if (mood === 'hang') return;
    await peer.held.get(pathname)?.();
    if (peer.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, peer.delayMs));
    if (mood === 'captive') return send(response, 200, '<h1>Welcome to the hotel</h1>', 'text/html', false);
    if (mood === 'forbidden') return send(response, 403, '<h1>403</h1>', 'text/html', false);
    if (mood === 'error') return send(response, 503, 'down', 'text/plain', false);
    if (pathname.startsWith('/api/')) return api(request, response, pathname, mood);
    if (pathname.startsWith('/icons/')) return send(response, 200, ICON, 'image/svg+xml');
    if (pathname === '/auth/sign-in') return send(response, 200, '<title>Identity</title><h1>Identity sign-in</h1>', 'text/html');
    if (pathname === '/auth/sign-out') {
      peer.mood = 'signed-out';
      return json(response, 200, peer.signOutAt === undefined ? {} : { next: peer.signOutAt });
    }
    const file = pathname === '/' ? 'index.html' : pathname.slice(1);
    try {
      send(response, 200, await readFile(join(built, file)), TYPES[extname(file)] ?? 'application/octet-stream');
    } catch {
      json(response, 404, refused('not_found'));
    }
  }

  function api(request: IncomingMessage, response: ServerResponse, pathname: string, mood: Mood): void {
    const call = `${request.method} ${pathname}`;
    if (mood === 'signed-out') json(response, 401, refused('not_signed_in'));
    else if (call === 'GET /api/v1/session') json(response, 200, peer.session);
    else if (call.startsWith('GET /api/v1/feeds/')) feed(response, pathname.slice('/api/v1/feeds/'.length));
    else if (call === 'POST /api/v1/devices') json(response, 200, { token: 'a.b.c', expires: 2_000_000_000 });
    else if (call === 'POST /api/v1/launches') launches(response);
    else json(response, 404, refused('not_found'));
  }

  function feed(response: ServerResponse, id: string): void {
    const document = peer.documents.get(id);
    if (document === undefined) {
      json(response, 404, refused('not_found'));
      return;
    }
    switch (peer.feedMoods.get(id) ?? 'ok') {
      case 'ok':
        json(response, 200, document);
        return;
      case 'emptied':
        json(response, 200, { ...document, resources: [] });
        return;
      case 'foreign-empty':
        json(response, 200, { ...document, subject: 'nobody-in-particular', resources: [] });
        return;
      case 'unmarked-empty':
        send(response, 200, JSON.stringify({ ...document, resources: [] }), 'application/json', false);
        return;
      case 'truncated':
        send(response, 200, JSON.stringify(document).slice(0, -40), 'application/json');
        return;
      case 'redirected':
        response.writeHead(302, { location: '/elsewhere', [MARKER_HEADER]: '1' }).end();
        return;
      case 'error':
        json(response, 503, refused('unavailable'));
        return;
      case 'hang':
        return;
    }
  }

  function launches(response: ServerResponse): void {
    switch (peer.launch) {
      case 'ok':
        json(response, 200, LAUNCH_FILE);
        return;
      case 'denied':
        json(response, 403, refused('blocked'));
        return;
      case 'blocked-by-proxy':
        send(response, 403, '<h1>Filtered</h1>', 'text/html', false);
        return;
      case 'error':
        json(response, 503, refused('unavailable'));
        return;
      case 'hang':
        return;
    }
  }
}

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="#8a5a16"/></svg>';

const LAUNCH_FILE: LaunchFile = {
  ticket: 'a.b.c',
  statement: 'a.b.c',
  locator: { token: 'a.b.c', statement: 'a.b.c' },
  correlationId: '7f3a-91c2-0000',
};

function refused(code: string) {
  return { error: { code } };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, JSON.stringify(body), 'application/json');
}

function send(response: ServerResponse, status: number, body: string | Buffer, type: string, marked = true): void {
  response.writeHead(status, { 'content-type': type, ...(marked ? { [MARKER_HEADER]: '1' } : {}) }).end(body);
}
