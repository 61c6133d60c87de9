/** What people read: the texts of a page, of its templates and of the sentences in its source, and the words that do not belong there. */
import type { Source } from './source.ts';

/** Words that only who operates Holdfast knows, and signs of something to type. */
export const OF_THE_CODE =
  /`|“|--\w|\b(?:sudo|apt|chmod|npm|holdfast|holdfast-host)\b|\w_\w|\/|\b(?:tenant|rendezvous|grants?|enrol\w*|revocation|leases?|tokens?|proofs?|signers?|connectors?|sockets?|thumbprint|bundle|trust statement|root of trust|broker|site document|session host|certificates?|manifest|handshake|TLS|JSON|YAML|SSH|VNC|RDP|pin|claim|subject)\b/u;

/** Typewriter signs, shouting, and words that excuse in place of telling. */
const OF_NO_SENTENCE = /['"]|\.\.\.|!|\b(?:oops|please|sorry|invalid|illegal|fatal|abort\w*)\b/iu;

/** As the design of the portal has them: a lease by its name beside "saved access", a terminal by its protocol, a control by what it is called. */
const MEANT = [/· lease (?=…)/u, /\(lease\)/u, /^SSH$/u, /“About”/u];

/** What "Copy details" copies is for the service desk. */
const FOR_THE_DESK = /^(?:error|command): /u;

/** Where an expression stands. */
const GAP = '…';

/** One line for each text of a source that says what nobody but its makers would. */
export function unfitWords(source: Source): readonly string[] {
  return shownIn(source)
    .filter((text) => {
      const rest = MEANT.reduce((left, meant) => left.replace(meant, ''), text);
      return !FOR_THE_DESK.test(text) && (OF_THE_CODE.test(rest) || OF_NO_SENTENCE.test(rest));
    })
    .map((text) => `${source.path} shows "${text}"`);
}

/** The texts that a source shows: two words or more, or one that begins as a name of something does. */
export function shownIn({ path, text }: Source): readonly string[] {
  const found = path.endsWith('.html') ? textsOfMarkup(text) : literalsIn(text).flatMap(textsOfLiteral);
  return found.map((one) => one.replaceAll(/\s+/gu, ' ').trim()).filter((one) => /\p{L}’? [\p{L}…(]|^\p{Lu}\p{L}/u.test(one));
}

interface Literal {
  readonly tag: string;
  readonly text: string;
}

function textsOfLiteral({ tag, text }: Literal): readonly string[] {
  return tag === 'html' || tag === 'svg' ? textsOfMarkup(text) : [text];
}

/** What stands between tags, and what their attributes say to people. */
function textsOfMarkup(markup: string): readonly string[] {
  const plain = markup.replaceAll(/<!--[\s\S]*?-->|<(?<raw>script|style)\b[\s\S]*?<\/\k<raw>>/gu, '');
  const told = Array.from(
    plain.matchAll(/\b(?:aria-label|placeholder|title|alt)="(?<words>[^"]*)"/gu),
    ({ groups }) => groups?.['words'] ?? '',
  );
  return [...plain.split(/<[^>]*>/u), ...told];
}

/** A comment, a regular expression, a string, the beginning of a template, or a brace. What none of them is, is code. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|(?<=(?:^|[(,=:[!&|?{};]|return)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*|(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<tag>\w*)`|[{}]/gu;

/** Strings and templates, also those within the expressions of a template; an expression is a gap. */
function literalsIn(text: string): readonly Literal[] {
  const found: Literal[] = [];
  code(0);
  return found;

  /** Reads code up to the brace that closes it, or the end. */
  function code(from: number): number {
    let at = from;
    for (let depth = 0; ; ) {
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(text);
      if (token === null) return text.length;
      at = TOKEN.lastIndex;
      const { string, tag } = token.groups ?? {};
      if (string !== undefined) found.push({ tag: '', text: string.slice(1, -1) });
      else if (tag !== undefined) at = template(at, tag);
      else if (token[0] === '{') depth += 1;
      else if (token[0] === '}' && depth-- === 0) return at;
    }
  }

  /** Reads a template from behind its first backtick to behind its last. */
  function template(from: number, tag: string): number {
    let words = '';
    for (let at = from; at < text.length; ) {
      if (text[at] === '`') {
        found.push({ tag, text: words });
        return at + 1;
      }
      if (text.startsWith('${', at)) {
        words += GAP;
        at = code(at + 2);
      } else {
        words += text[at] === '\\' ? (text[at + 1] ?? '') : (text[at] ?? '');
        at += text[at] === '\\' ? 2 : 1;
      }
    }
    return text.length;
  }
}
