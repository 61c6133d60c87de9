/** The open portal pages, each with its port and its last report. */
import * as v from 'valibot';
import type { PortalReport } from '#core/machines/login-watch-states';
import type { PageMessage } from '#protocol/page';
import type { Port } from '../webext.ts';

const Said = v.record(
  v.string(),
  v.object({ workspace: v.string(), report: v.picklist(['loaded', 'signing-in', 'online', 'degraded', 'offline', 'reconnecting']) }),
);
export type Said = v.InferOutput<typeof Said>;

export interface Portals {
  opened(tab: number, workspace: string, port: Port): void;
  gone(tab: number, port: Port): void;
  /** The tab shows another page, or is closed. Returns whether there was a portal page. */
  left(tab: number): boolean;
  said(tab: number, workspace: string, report: PortalReport): void;
  /** Its page reported that it is past the sign-in, or offline, even if parts of it still load. */
  isThere(tab: number): boolean;
  /** by tab id */
  all(): readonly { readonly tab: number; readonly workspace: string; readonly report: PortalReport }[];
  /** To every portal page of this Workspace; null: of all Workspaces. */
  tell(workspace: string | null, message: PageMessage): void;
}

/** `kept` is the last argument of `save`: pages live on while the worker is stopped. */
export function createPortals(kept: unknown, save: (said: Said) => void): Portals {
  const ports = new Map<number, { port: Port; workspace: string }>();
  const said: Said = v.parse(v.fallback(Said, {}), kept);
  return {
    opened(tab, workspace, port) {
      ports.set(tab, { port, workspace });
      said[tab] ??= { workspace, report: 'loaded' };
      save(said);
    },
    gone(tab, port) {
      if (ports.get(tab)?.port !== port) return;
      ports.delete(tab);
      delete said[tab];
      save(said);
    },
    left(tab) {
      // A connected page is removed with its port.
      if (ports.has(tab) || said[tab] === undefined) return false;
      delete said[tab];
      save(said);
      return true;
    },
    said(tab, workspace, report) {
      said[tab] = { workspace, report };
      save(said);
    },
    isThere: (tab) => !['loaded', 'signing-in'].includes(said[tab]?.report ?? 'loaded'),
    all: () => Object.entries(said).map(([tab, one]) => ({ tab: Number(tab), ...one })),
    tell(workspace, message) {
      for (const one of ports.values()) if (workspace === null || one.workspace === workspace) one.port.post(message);
    },
  };
}
