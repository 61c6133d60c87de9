/** The words of the prompt window, for each reason it opens. Pure. */
import { type Evidence, hostOf, type Reason } from '#core/machines/login-watch-states';
import { causes } from '#protocol/words/language';
import type { PromptModel } from '../pages/messages.ts';
import { openOfList } from '../workspaces/open-of-list.ts';

/** Text between `<` and `>` is kept on one line. */
export interface PromptWords {
  /** who asks, and for which Workspace */
  readonly from: string;
  readonly title: string;
  readonly text: string;
  /** null: there is nothing to work with offline, and `text` says so */
  readonly offline: string | null;
  readonly again: string;
  /** null: there is no sign-in to keep */
  readonly keep: string | null;
  readonly last: string;
}
type TimeWords = (at: number) => string;

function outage(evidence: Evidence, workspace: string, time: TimeWords): Pick<PromptWords, 'title' | 'text'> {
  const host = hostOf(workspace);
  if (evidence.kind === 'identity') {
    return { title: 'Sign-in isn’t answering', text: `<${host}> says that its sign-in is down. There is no need to wait.` };
  }
  const part = evidence.host === host ? 'The Workspace' : 'Sign-in';
  const title = `${part} ${evidence.cause === 'server-error' ? 'isn’t working' : 'isn’t answering'}`;
  return { title, text: `At <${time(evidence.at)}>, <${evidence.host}> ${causes[evidence.cause]}. There is no need to wait.` };
}

function told(reason: Reason, model: PromptModel, time: TimeWords): Pick<PromptWords, 'title' | 'text'> {
  switch (reason.why) {
    case 'timeout':
      return { title: 'Still signing in?', text: `<${reason.host}> has not signed you in after <${reason.seconds} seconds>.` };
    case 'again':
      return { title: 'Sign-in is taking too long', text: `<${reason.host}> has not signed you in yet.` };
    case 'outage':
      return outage(reason.evidence, model.workspace, time);
    case 'setting':
      return {
        title: 'Sign in, or work offline?',
        text: `The login timeout is off, so Holdfast asks each time you go to ${model.workspaceName}.`,
      };
    case 'asked':
      return { title: 'Sign in, or work offline?', text: `${model.workspaceName} opens in the tab behind this window.` };
  }
}

function offline(saved: PromptModel['saved']): string | null {
  switch (saved.known) {
    case 'unknown':
      return 'Shows your saved list.';
    case 'no-host':
      return 'Shows your saved list. Opening needs the Holdfast host, which does not answer.';
    case 'yes':
      if (saved.valid === 0) return null;
      if (saved.opens === 0) return 'Shows your saved list. Access is saved on this device, but nothing opens with it right now.';
      return `With the access saved on this device, ${openOfList(saved)} open.`;
  }
}

function lastWords(reason: Reason): string {
  switch (reason.why) {
    case 'outage':
      return 'Holdfast checks again every 30 s. If the Workspace answers, this window tells you.';
    case 'timeout':
    case 'again':
      return 'If your sign-in finishes, this window closes by itself.';
    case 'setting':
    case 'asked':
      return 'Sign-in goes on behind this window. If it finishes, the window closes by itself.';
  }
}

function again(reason: Reason): string {
  return reason.why === 'outage'
    ? 'Checks the Workspace again and signs you in.'
    : 'Starts sign-in again from the beginning. What you have typed there is lost.';
}

/** Not "Holdfast for Holdfast". */
function fromWhom(workspaceName: string): string {
  return /\bholdfast\b/iu.test(workspaceName) ? workspaceName : `Holdfast for ${workspaceName}`;
}

export function promptWords(model: PromptModel, time: TimeWords): PromptWords {
  const { reason } = model;
  const way = offline(model.saved);
  const base = model.back
    ? { title: 'The Workspace answers again', text: `<${hostOf(model.workspace)}> is back.` }
    : told(reason, model, time);
  const nothing = ' Nothing is saved on this device yet. Sign in once while the Workspace answers.';
  return {
    from: fromWhom(model.workspaceName),
    title: base.title,
    text: way === null ? base.text + nothing : base.text,
    offline: way,
    again: again(reason),
    keep: reason.why === 'timeout' ? 'Closes this window. Your sign-in page stays as it is.' : null,
    last: lastWords(reason),
  };
}
