/**
 * AWS's limits of one tag, in Unicode characters, and of one resource; tags of AWS's own do not count.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
export const MOST = { key: 128, value: 256, tags: 50 } as const;

/** Letters, spaces, digits and `_.:/=+-@` of any script: what every AWS service takes in a tag. */
const ALPHABET = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether AWS keeps this key for itself: never written, removed or counted (B2.3). */
export function isReserved(key: string): boolean {
  return /^aws:/i.test(key);
}

/** How many Unicode characters a text has; JavaScript counts those beyond the first 65,536 twice. */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** Whether every AWS service would take this text as a tag's value. */
export function isWritable(value: string): boolean {
  return charactersOf(value) <= MOST.value && ALPHABET.test(value);
}

/** Without spaces around, and with one code for each accented letter: what two texts are compared by (B2.8). */
export function tidied(text: string): string {
  return text.normalize('NFC').trim();
}

/** The same for texts that differ in case, spaces around and Unicode form only. */
export function folded(text: string): string {
  return tidied(text).toLowerCase();
}

/** A name that somebody chose, in the characters of a tag; its length is left for whoever writes it to judge (B2.28). */
export function inAlphabet(text: string): string {
  return tidied(text).replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_');
}
