/** What XML 1.0 cannot carry. The SDK sends it raw, and S3 answers MalformedXML for the whole batch (B4.27). */
const NOT_IN_XML = /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/u;

/** Segments that somebody on the way may fold away, so that another key is meant (B4.31). */
const FOLDED = /(^|\/)\.{1,2}(\/|$)/;

/**
 * A key as it is, from a listing with `EncodingType: url`, which the SDK leaves encoded (B4.28): `+` is a blank, the rest
 * is percent-encoded UTF-8. Undefined where it is not: a wrong key would be "deleted" for ever.
 */
export function decodeKey(listed: string): string | undefined {
  if (!listed.includes('%') && !listed.includes('+')) return listed;
  try {
    return decodeURIComponent(listed.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * How a key can be named in a request: in the body of a batch, in the path of a single call, or (a control character
 * and a dot segment, or half a surrogate pair, which has no UTF-8, B4.33) not at all.
 */
export function carrierOf(key: string): 'batch' | 'single' | 'none' {
  if (!key.isWellFormed()) return 'none';
  if (!NOT_IN_XML.test(key)) return 'batch';
  return FOLDED.test(key) ? 'none' : 'single';
}

/** Whether the key can stand in a path, as it has to for AbortMultipartUpload. */
export function fitsPath(key: string): boolean {
  return key.isWellFormed() && !FOLDED.test(key);
}
