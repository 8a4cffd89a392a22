const escapeCharacter = String.fromCharCode(27);
const ansi = new RegExp(`${escapeCharacter}\\[[0-?]*[ -/]*[@-~]`, 'g');
const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Marks that reorder text, invisible separators and tag characters, and what neither XML nor SQS takes. */
const HIDDEN = String.raw`\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}`;
/** These, and C0 and C1 controls. */
const invisible = new RegExp(String.raw`[\p{Cc}${HIDDEN}]`, 'gu');
/** What JSON itself does not spell out; its line breaks are its own. */
const spelled = new RegExp(String.raw`[\u007F-\u009F\u2028\u2029${HIDDEN}]`, 'gu');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cut to at most `max` UTF-16 units without splitting what a reader sees as one character. */
export function cap(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text.slice(0, max + 64))) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** One line that can neither forge a log line, move a cursor nor turn text around (B6.22, B6.26). */
export function plain(text: string, max = 1000): string {
  const oneLine = text.toWellFormed().replace(ansi, '').replace(lineBreaks, ' ');
  return cap(oneLine.replace(invisible, '').trim(), max);
}

const accessKey = /\bA[KS]IA[A-Z0-9]{8,}([A-Z0-9]{4})\b/g;
const signedPart = /\b(X-Amz-(?:Security-Token|Signature|Credential))(=|%3D|"?\s*:\s*"?)[^&\s"',;]+/gi;
const signature = /\b(Signature=)[0-9a-z%/+=]{16,}/gi;
const named =
  /((?:secret[_-]?access[_-]?key|client[_-]?secret|session[_-]?token|api[_-]?key|user[_-]?data|password|passwd|token|secret)"?(?:\s*=\s*|:\s+|\s*:\s*(?="))"?)[^\s"',&;]+/gi;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;
const link = /https?:\/\/[^\s"'<>]+/gi;
const secretKey = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;

/** Hide access key ids but for their last four, secrets, signatures and webhook addresses (B6.34). */
export function redact(text: string): string {
  return text
    .replace(link, hideLink)
    .replace(signedPart, '$1$2[hidden]')
    .replace(signature, '$1[hidden]')
    .replace(named, '$1[hidden]')
    .replace(bearer, '$1 [hidden]')
    .replace(accessKey, '[key …$1]')
    .replace(secretKey, (found) => (looksRandom(found) ? '[hidden]' : found));
}

/**
 * Redaction that leaves these ids and ARNs exact wherever they stand: they are no secrets, and useless in part. Only
 * where it would damage one is the text around it redacted alone.
 */
export function redactAround(ids: readonly string[]): (text: string) => string {
  const damaged = ids.filter((id) => redact(id) !== id).sort((a, b) => b.length - a.length);
  const around = (text: string, [id, ...shorter]: readonly string[]): string =>
    id === undefined
      ? redact(text)
      : text
          .split(id)
          .map((part) => around(part, shorter))
          .join(id);
  return (text) => around(text, damaged);
}

function hideLink(link: string): string {
  const [, host, path] = /^https?:\/\/(?:[^/@]*@)?([^/?#]*)(.*)$/i.exec(link) ?? [];
  if (host === undefined || path === undefined) return '[hidden]';
  const scheme = link.slice(0, link.indexOf('//') + 2);
  return /hook/i.test(host + path) ? `${scheme}${host}/[hidden]` : `${scheme}${host}${path}`;
}

/** Forty characters are a secret only when they mix cases and digits; a commit hash does not. */
function looksRandom(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
}

/** What a stranger may have written, fit for a message: hidden before it is cut, so that no half secret remains. */
export function safe(text: string, max = 1000): string {
  return cap(redact(plain(text, Number.POSITIVE_INFINITY)), max);
}

/** One CSV cell, always quoted, that no spreadsheet takes for a formula (B6.24). */
export function csvCell(text: string): string {
  const guarded = /^(?:[\t\r]|\s*[=+\-@＝＋－＠])/.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}

/** JSON in which every character that could act on a terminal, or that a queue refuses, is written as `\uXXXX`; parses to the same value. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(spelled, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
