/** Pages that a service writes itself: plain HTML, no script, and a policy that allows nothing else. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const STYLE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const MARK =
  '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="currentColor"/><g fill="none" stroke="#fff" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round"><path d="M9.75 7.25v13.5m8.5-13.5v13.5"/><path d="M4.75 12.5c4.5 3 14 3 18.5 0"/></g></svg>';

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `body` is HTML: every text in it has gone through `escapeHtml`. `formTargets`: origins that a form may lead to, besides our own. */
export function page(options: { title: string; brand: string; body: string; formTargets?: readonly string[] }): Page {
  const title = escapeHtml(options.title);
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – ${escapeHtml(options.brand)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">${MARK}${escapeHtml(options.brand)}</p>
${options.body}
</main>
</body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': [
        "default-src 'none'",
        `style-src 'sha256-${STYLE_HASH}'`,
        `form-action ${["'self'", ...(options.formTargets ?? [])].join(' ')}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
