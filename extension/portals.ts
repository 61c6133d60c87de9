/** The portal pages that are open, each with its port and what it last said of itself. */
import * as v from 'valibot';
import type { PortalReport } from '#core/machines/login-watch';
import type { PageMessage } from '#protocol/page';
import type { Port } from './webext.ts';

const Said = v.record(
  v.string(),
  v.object({ store: v.string(), report: v.picklist(['loaded', 'signing-in', 'online', 'degraded', 'offline', 'reconnecting']) }),
);
export type Said = v.InferOutput<typeof Said>;

export interface Portals {
  opened(tab: number, store: string, port: Port): void;
  gone(tab: number, port: Port): void;
  /** The tab shows another page, or is closed: a portal page that went while no worker ran is forgotten. Whether there was one. */
  left(tab: number): boolean;
  said(tab: number, store: string, report: PortalReport): void;
  /** Its page is past the sign-in, or offline: it has said so itself, even if parts of it still load. */
  isThere(tab: number): boolean;
  /** by tab id */
  all(): readonly { readonly tab: number; readonly store: string; readonly report: PortalReport }[];
  /** To every portal page of this store, or of all stores. */
  tell(store: string | null, message: PageMessage): void;
}

/** `kept` is what `save` was last given: pages go on while the worker is stopped. */
export function createPortals(kept: unknown, save: (said: Said) => void): Portals {
  const ports = new Map<number, { port: Port; store: string }>();
  const said: Said = v.parse(v.fallback(Said, {}), kept);
  return {
    opened(tab, store, port) {
      ports.set(tab, { port, store });
      said[tab] ??= { store, report: 'loaded' };
      save(said);
    },
    gone(tab, port) {
      if (ports.get(tab)?.port !== port) return;
      ports.delete(tab);
      delete said[tab];
      save(said);
    },
    left(tab) {
      // One that is connected goes with its port.
      if (ports.has(tab) || said[tab] === undefined) return false;
      delete said[tab];
      save(said);
      return true;
    },
    said(tab, store, report) {
      said[tab] = { store, report };
      save(said);
    },
    isThere: (tab) => !['loaded', 'signing-in'].includes(said[tab]?.report ?? 'loaded'),
    all: () => Object.entries(said).map(([tab, one]) => ({ tab: Number(tab), ...one })),
    tell(store, message) {
      for (const one of ports.values()) if (store === null || one.store === store) one.port.post(message);
    },
  };
}
