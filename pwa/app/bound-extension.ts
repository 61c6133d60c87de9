/**
 * The extension, as the signed-in person uses it. The native host answers only for the person that the Workspace named to it: where it does
 * not know this one yet, the page takes the host's challenge to the Workspace, hands back what that signed, and asks again.
 */
import { HoldfastError } from '#protocol/errors';
import type { Extension } from '../bridges/extension.ts';
import type { AppContext } from './context.ts';

export function bindingExtension({
  model,
  workspace,
  extension,
  log,
}: Pick<AppContext, 'model' | 'workspace' | 'extension' | 'log'>): Extension {
  let binding: Promise<boolean> | undefined;

  /** Whether the host knows this session's person now. */
  const bind = async (): Promise<boolean> => {
    const { session } = model.state;
    if (session === undefined) return false;
    const { challenge } = await extension.ask('challenge', {});
    const answer = await workspace.pageToken(challenge, session.csrf);
    if (answer.is === 'failed') {
      log.say(`the Workspace did not name the person to the host (${answer.cause})`);
      return false;
    }
    await extension.ask('bind', answer.signed);
    return true;
  };

  return {
    get present() {
      return extension.present;
    },
    arrives: extension.arrives,
    ask: async (type, body, deadlineMs) => {
      try {
        return await extension.ask(type, body, deadlineMs);
      } catch (thrown) {
        if (!(thrown instanceof HoldfastError) || thrown.code !== 'not_signed_in') throw thrown;
        binding ??= bind().finally(() => {
          binding = undefined;
        });
        if (!(await binding)) throw thrown;
        return extension.ask(type, body, deadlineMs);
      }
    },
  };
}
