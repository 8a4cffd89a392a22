/** The values of a request's condition keys, by lower-cased key. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

const compiled = new Map<string, RegExp>();

/**
 * Does `value` match a policy pattern with `*` and `?`? With a context, `${aws:username}`-like variables (also
 * `${key, 'default'}`, `${*}`, `${?}`, `${$}`) are filled in first; their values are literal, and one that the request
 * does not carry matches nothing.
 */
export function matches(pattern: string, value: string, context?: RequestContext): boolean {
  const source = context && pattern.includes('${') ? substituted(pattern, context) : wildcards(pattern);
  return source !== undefined && expression(source).test(value);
}

/** The pattern as plain text with its variables filled in (for operators without wildcards), or undefined. */
export function fill(pattern: string, context?: RequestContext): string | undefined {
  if (!context || !pattern.includes('${')) return pattern;
  const parts = pieces(pattern, context);
  return parts.some((part) => part === undefined)
    ? undefined
    : parts.map((part) => part?.text ?? '').join('');
}

function substituted(pattern: string, context: RequestContext): string | undefined {
  const parts = pieces(pattern, context);
  if (parts.some((part) => part === undefined)) return undefined;
  return parts.map((part) => (part?.literal ? escaped(part.text) : wildcards(part?.text ?? ''))).join('');
}

interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

function pieces(pattern: string, context: RequestContext): readonly (Piece | undefined)[] {
  return pattern.split(/(\$\{[^}]*\})/).map((part) => {
    if (!part.startsWith('${')) return { text: part, literal: false };
    const text = variable(part.slice(2, -1), context);
    return text === undefined ? undefined : { text, literal: true };
  });
}

function variable(name: string, context: RequestContext): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const [, key = name, fallback] = /^([^,]+?)\s*,\s*'(.*)'$/s.exec(name) ?? [];
  const values = context.get(key.trim().toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const wildcards = (text: string) => escaped(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');

function expression(source: string): RegExp {
  const known = compiled.get(source);
  if (known) return known;
  // Variables make endless sources: the memory is emptied now and then.
  if (compiled.size > 2000) compiled.clear();
  const made = new RegExp(`^${source}$`, 's');
  compiled.set(source, made);
  return made;
}
