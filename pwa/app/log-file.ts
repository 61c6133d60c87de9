/** "Download logs": one file of page, extension and host; the page's own lines alone where the others do not answer (B-E8). */
import type { AppContext } from './context.ts';

export async function logFile({ extension, log, model, clock }: AppContext): Promise<void> {
  const lines = [...log.lines];
  const text = await extension.ask('logs', { lines }).then(
    (reply) => reply.text,
    (thrown: unknown) => [...lines, `portal - extension and host gave no lines: ${String(thrown)}`].join('\n'),
  );
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `holdfast-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '-')}.log`;
  link.click();
  clock.after(60_000, () => URL.revokeObjectURL(url));
  model.set({ said: 'Logs saved' });
}
