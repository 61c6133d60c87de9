/** The one rule for text that goes into a log: no caller logs a secret; this is for what an error's or a browser's words carry. */

/** The query may be absent: a pattern that fails only at an address's end starts again at each one in it, in quadratic time. */
const QUERY = /(https?:\/\/[^\s"'?#]+)(?:[?#][^\s"']*)?/gu;
/** Every JSON header begins with `{"`, whoever made the token. One begins at most once in a run, or each `-eyJ` in it would be tried to its end. */
const TOKEN = /(?<![\w-])eyJ[\w-]+(?:\.[\w-]*){1,4}/gu;
/** Three or four digits alone are the code of a refusal. */
const NAMED =
  /(\b(?:password|passwd|secret|token|cookie|authorization|ticket|proof)"?\s*[:=]\s*|"d":\s*)(?!\d{3,4}\b|\(token\))("[^"]*"|[^\s,;&}]+)/giu;
/** As long as a key or a digest in base64url. */
const KEY = /(?<![\w/-])[\w-]{43,}(?![\w/])/gu;

/** One line, without tokens, keys, query strings and values of members with telling names. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(QUERY, '$1')
    .replaceAll(TOKEN, '(token)')
    .replaceAll(NAMED, '$1(secret)')
    .replaceAll(KEY, '(key)');
}
