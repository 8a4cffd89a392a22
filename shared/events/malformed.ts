/** A trigger of a known kind that is broken. One line; thrown so that the event reaches the dead-letter queue (B5.14). */
export class MalformedEvent extends Error {
  /** Where in the event, e.g. `detail.requestParameters.groupId`. */
  readonly path: string;

  constructor(path: string, expected: string, got: unknown) {
    super(`${path}: expected ${expected}, got ${shown(got)}`);
    this.name = 'MalformedEvent';
    this.path = path;
  }
}

/** Short, on one line, and without the content of objects: an event may hold what nobody should read in a log. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value).replace(UNPRINTABLE, '?');
}

/** JSON escapes the C0 controls; these still break or disguise a line: C1, line separators, bidi marks (B6.22). */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
