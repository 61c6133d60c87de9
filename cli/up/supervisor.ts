/** All components of one `up`: started, broken and restored by name. Each component's changes happen one after the other. */
import { HoldfastError } from '#protocol/errors';
import { endComponent, type RunningComponent, startComponent } from './component-process.ts';
import { type ErrorServer, startErrorServer } from './error-server.ts';
import { type Fault, type Standing, type Step, stepsTo } from './fault.ts';
import { type Component, componentsNamed, GROUPS, portsOf } from './plan.ts';
import { type ProcessIdentity, signal } from './process-identity.ts';
import { slowDown } from './slow-process.ts';

export interface SupervisorOptions {
  readonly components: readonly Component[];
  readonly base: number;
  readonly projectDir: string;
  configFileOf(name: string): string;
  logFileOf(name: string): string;
  /** folder of a component's `keys.json` */
  keysDirOf(name: string): string;
  /** ends every start in progress */
  readonly signal: AbortSignal;
  /** something changed: a standing, a process */
  onChange(): void;
}

export interface SupervisedComponent {
  readonly component: Component;
  readonly standing: Standing;
  readonly pid?: number;
}

export interface Supervisor {
  /** resolves when every one of them listens */
  start(names: readonly string[]): Promise<void>;
  /** Breaks or restores a component or a group. Throws `not_found` for a name that is neither. */
  apply(name: string, fault: Fault): Promise<void>;
  components(): readonly SupervisedComponent[];
  processes(): readonly ProcessIdentity[];
  /** ends everything; nothing can be started afterwards */
  end(): Promise<void>;
}

interface Slot {
  readonly component: Component;
  standing: Standing;
  running?: RunningComponent;
  errorServer?: ErrorServer;
  speedUp?: () => void;
  /** the last change asked for; the next waits for it */
  queue: Promise<void>;
}

export function superviseComponents(options: SupervisorOptions): Supervisor {
  const slots = options.components.map((component): Slot => ({ component, standing: 'stopped', queue: Promise.resolve() }));

  const become = (slot: Slot, standing: Standing) => {
    slot.standing = standing;
    options.onChange();
  };

  const perform: Readonly<Record<Step, (slot: Slot) => Promise<void> | void>> = {
    async 'start process'(slot) {
      become(slot, 'starting');
      const { name, service } = slot.component;
      const running = await startComponent({
        name,
        service,
        projectDir: options.projectDir,
        configFile: options.configFileOf(name),
        logFile: options.logFileOf(name),
        signal: options.signal,
      });
      slot.running = running;
      void running.ended.then(() => {
        // Ended by itself: whoever ends it on purpose has taken it out of its slot before.
        if (slot.running !== running) return;
        delete slot.running;
        slot.speedUp?.();
        become(slot, 'failed');
      });
    },
    async 'end process'(slot) {
      const running = slot.running;
      delete slot.running;
      if (running !== undefined) await endComponent(running, 'at once');
    },
    freeze: ({ running }) => running && signal(running.identity, 'SIGSTOP'),
    thaw: ({ running }) => running && signal(running.identity, 'SIGCONT'),
    'slow down'(slot) {
      if (slot.running !== undefined) slot.speedUp = slowDown(slot.running.identity);
    },
    'speed up'(slot) {
      slot.speedUp?.();
      delete slot.speedUp;
    },
    async 'start error server'(slot) {
      const { name, service } = slot.component;
      slot.errorServer = await startErrorServer(service, portsOf(slot.component, options.base).port, options.keysDirOf(name));
    },
    async 'end error server'(slot) {
      await slot.errorServer?.close();
      delete slot.errorServer;
    },
  };

  const change = (slot: Slot, fault: Fault): Promise<void> => {
    const work = slot.queue.then(async () => {
      if (options.signal.aborted) return;
      const { steps, standing } = stepsTo(fault, slot.standing);
      try {
        for (const step of steps) await perform[step](slot);
        become(slot, standing);
      } catch (error) {
        become(slot, slot.running === undefined ? 'failed' : slot.standing);
        throw error;
      }
    });
    slot.queue = work.catch(() => undefined);
    return work;
  };

  return {
    async start(names) {
      await Promise.all(slots.filter(({ component }) => names.includes(component.name)).map((slot) => change(slot, 'restore')));
    },
    async apply(name, fault) {
      const named = componentsNamed(name, options.components).map((component) => component.name);
      if (named.length === 0) {
        const known = [...Object.keys(GROUPS), ...options.components.map((component) => component.name)];
        throw new HoldfastError('not_found', { reason: 'component', name, known: known.join(', ') });
      }
      await Promise.all(slots.filter(({ component }) => named.includes(component.name)).map((slot) => change(slot, fault)));
    },
    components: () =>
      slots.map(({ component, standing, running }) => ({ component, standing, ...(running && { pid: running.identity.pid }) })),
    processes: () => slots.flatMap(({ running }) => running?.identity ?? []),
    async end() {
      await Promise.allSettled(
        slots.map(async (slot) => {
          await slot.queue;
          await slot.errorServer?.close();
          slot.speedUp?.();
          const running = slot.running;
          delete slot.running;
          if (running !== undefined) await endComponent(running, slot.standing === 'hung' ? 'at once' : 'gently');
        }),
      );
    },
  };
}
