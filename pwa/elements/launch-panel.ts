/** The launch panel: a non-modal dialog. Focus goes to its heading, never to Cancel, and back to the tile. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { fromWireError, type WireError } from '#protocol/errors';
import type { Actions } from '../app/actions.ts';
import type { WordsFor } from '../view/error-words.ts';
import { codeOf, type LaunchView, remedies, type Step, sentence, stepLine, stepsOf, wayOn } from '../view/launch.ts';
import type { Item } from '../view/list.ts';
import { glyph, picture } from './glyphs.ts';

class HoldfastLaunch extends LitElement {
  static override properties = {
    launch: { attribute: false },
    item: { attribute: false },
    now: { attribute: false },
    words: { attribute: false },
    offline: { attribute: false },
  };
  declare launch: LaunchView | undefined;
  /** the launched tile, for "Try again" */
  declare item: Item | undefined;
  declare now: number;
  declare words: WordsFor;
  declare offline: boolean;
  declare actions: Actions;
  private cameFrom: HTMLElement | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const before: unknown = changed.get('launch');
    if (changed.has('launch') && this.launch !== undefined && before === undefined && document.activeElement instanceof HTMLElement)
      this.cameFrom = document.activeElement;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { launch } = this;
    if (launch === undefined) return nothing;
    return html`<dialog class="panel" open aria-labelledby="launch-title" @keydown=${this.keyed}>${
      launch.end?.is === 'failed' ? this.failed(launch, launch.end.error) : this.progress(launch)
    }</dialog>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('launch')) return;
    const before: unknown = changed.get('launch');
    const inPanel = document.activeElement === document.body || this.contains(document.activeElement);
    if (this.launch === undefined) {
      if (inPanel) this.cameFrom?.focus();
      this.cameFrom = undefined;
    } else if (before === undefined || (this.launch.end?.is === 'failed' && inPanel))
      this.querySelector<HTMLElement>('#launch-title')?.focus();
  }

  private progress(launch: LaunchView): TemplateResult {
    const { name } = launch.resource;
    const open = launch.end?.is === 'open';
    return html`<div class="panel-head">${picture(launch.resource)}<div>
        <h2 id="launch-title" tabindex="-1">${open ? `${name} is open` : `Opening ${name}`}</h2>
        <p role="status">${launch.cancelling ? 'Cancelling' : open ? 'Its window is on your screen' : stepLine(launch)}</p></div></div>
      <div><ol class="stages" role="list">${stepsOf(launch, this.now).map(stage)}</ol></div>
      ${launch.again ? AGAIN_NOTE : nothing}${launch.mode === 'lease' ? LEASE_NOTE : nothing}
      <div class="panel-foot"><span class="quiet"><small>ID <span class="code">${launch.correlationId}</span></small></span>${
        open
          ? html`<button class="button" type="button" @click=${this.actions.closeLaunch}>Close</button>`
          : html`<button class="button" type="button" aria-disabled=${launch.cancelling ? 'true' : nothing} @click=${this.actions.cancelLaunch}>Cancel</button>`
      }</div>`;
  }

  private failed(launch: LaunchView, error: WireError): TemplateResult {
    const code = codeOf(error);
    const id = error.correlationId ?? launch.correlationId;
    const again = (): void => {
      this.actions.closeLaunch();
      if (this.item !== undefined) this.actions.open(this.item);
    };
    const reconnect = (): void => {
      this.actions.closeLaunch();
      this.actions.reconnect();
    };
    const ways = {
      reconnect: html`<button class="button main" type="button" @click=${reconnect}>Reconnect to Workspace</button>`,
      again: html`<button class="button main" type="button" @click=${again}>Try again</button>`,
      none: nothing,
    };
    const main = ways[wayOn(error, this.item, this.offline)];
    return html`<div class="panel-head">${picture(launch.resource, { glyph: 'cross', stop: true })}<div role="alert">
        <h2 id="launch-title" tabindex="-1">${launch.resource.name} didn’t open</h2>
        <p>${sentence(error, this.words)} ${code === undefined ? nothing : html`<span class="tag stop">Error ${code}</span>`}</p></div></div>
      <div><h3 class="small-head">What to do</h3><ol class="to-do" role="list">${remedies(error, this.words).map(({ what, brings }) => html`<li><span><strong>${what}</strong> ${brings}</span></li>`)}</ol></div>
      <div class="band"><details class="support"><summary>${glyph('right')}For the service desk</summary>
        <dl class="facts"><dt>Stopped at</dt><dd>${stepLine(launch)}</dd><dt>Access</dt><dd>${ACCESS[launch.mode]}</dd>
          <dt>Meaning</dt><dd>${fromWireError(error).message}</dd></dl></details>
        <div class="support-id"><span>ID <span class="code">${id}</span></span><button class="button plain small" type="button"
          @click=${() => this.copy(launch, { ...error, correlationId: id })}>Copy details</button></div></div>
      <div class="panel-foot"><span class="end"><button class="button" type="button" @click=${this.actions.closeLaunch}>Close</button>${main}</span></div>`;
  }

  private copy(launch: LaunchView, error: WireError): void {
    this.actions.copyDetails(error, { resource: launch.key, phase: launch.phase, mode: launch.mode });
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (this.launch?.end === undefined) this.actions.cancelLaunch();
    else this.actions.closeLaunch();
  };
}
customElements.define('holdfast-launch', HoldfastLaunch);

const ACCESS = { asking: 'none yet', ticket: 'given by the Workspace', lease: 'saved access (lease)' } as const;
const STATES = {
  done: { look: 'done', glyph: 'check', unseen: ', done' },
  now: { look: 'now', glyph: 'turn', unseen: ', in progress' },
  failed: { look: 'failed', glyph: 'cross', unseen: ', failed' },
  'to-come': { look: '', glyph: 'ring', unseen: ', not started' },
} as const;

const AGAIN_NOTE = html`<div class="note">${glyph('play')}<p><strong>It is already open</strong>This opens another window.</p></div>`;
const LEASE_NOTE = html`<div class="note">${glyph('key')}<p><strong>Using your saved access (lease)</strong>The Workspace isn’t needed for this. The session may ask for your password again.</p></div>`;

function stage(step: Step): TemplateResult {
  const { look, glyph: sign, unseen } = STATES[step.state];
  return html`<li class=${look} aria-current=${step.state === 'now' ? 'step' : nothing}>${glyph(sign)}<span>${step.words}${
    step.detail === undefined ? nothing : html` <small>${step.detail}</small>`
  }<span class="unseen">${unseen}</span></span>${step.took === undefined ? nothing : html`<small>${(step.took / 1_000).toFixed(1)} s</small>`}</li>`;
}
