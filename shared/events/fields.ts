import { MalformedEvent } from './malformed.ts';

export const ACCOUNT = /^\d{12}$/;
export const REGION = /^[a-z]{2,5}(-[a-z]{2,12}){1,2}-\d{1,2}$/;
/** No trigger nests nearly as deep. What reads one may then recurse without counting. */
const DEEPEST = 64;
/** What CloudTrail puts in place of a value that it does not show (B5.39). */
const HIDDEN: readonly string[] = ['HIDDEN_DUE_TO_SECURITY_REASONS', '<sensitiveDataRemoved>', '***'];

/**
 * A value somewhere in an untrusted document, together with its path, so that every complaint names the place. Only own
 * properties are seen: a key called `__proto__` or `toString` is plain data (B6.30, B6.31).
 */
export class Field {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  /** The field below, whatever is there; nothing when this is not an object that has it. */
  at(...keys: readonly string[]): Field {
    let field: Field = this;
    for (const key of keys) {
      const path = field.path === '' ? key : `${field.path}.${key}`;
      field = new Field(field.isObject() ? own(field.value, key) : undefined, path);
    }
    return field;
  }

  isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** Throws for a document that was made to exhaust the stack of whoever follows it. */
  notTooDeep(): void {
    let level: readonly unknown[] = [this.value];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > DEEPEST) this.refuse(`at most ${DEEPEST} levels of nesting`);
      level = level.flatMap((value) => Object.values(Object(value) === value ? Object(value) : {}));
    }
  }

  /** True for what AWS writes when it shows less than it has: hidden, sensitive, or left out for size (B5.39). */
  isWithheld(): boolean {
    return HIDDEN.some((mark) => mark === this.value) || this.at('omitted').value === true;
  }

  /** Text, never empty. */
  text(expected = 'text'): string {
    return this.optionalText() ?? this.refuse(expected);
  }

  /** Text, or undefined for anything else: for what is only shown or only a hint. */
  optionalText(): string | undefined {
    const usable = typeof this.value === 'string' && this.value !== '' && !this.isWithheld();
    return usable ? String(this.value) : undefined;
  }

  list(expected = 'a list'): readonly Field[] {
    return Array.isArray(this.value) ? this.entries() : this.refuse(expected);
  }

  /** The list's entries; none when there is no list. */
  entries(): readonly Field[] {
    const entries: readonly unknown[] = Array.isArray(this.value) ? this.value : [];
    return entries.map((entry, index) => new Field(entry, `${this.path}[${index}]`));
  }

  /** Own keys of an object; none for anything else. */
  keys(): readonly string[] {
    return this.isObject() ? Object.keys(Object(this.value)) : [];
  }

  object(expected = 'an object'): Field {
    return this.isObject() ? this : this.refuse(expected);
  }

  /** Twelve digits as text: a number would have lost its leading zeros (B5.40). */
  account(): string {
    return this.matching(ACCOUNT, 'an account id of twelve digits, as text');
  }

  region(): string {
    return this.matching(REGION, 'a region, e.g. "eu-west-1"');
  }

  matching(pattern: RegExp, expected: string): string {
    const text = this.optionalText();
    return text !== undefined && pattern.test(text) ? text : this.refuse(expected);
  }

  /** ISO 8601, also with an offset without a colon, as CloudWatch writes it (B5.4). */
  time(): Date {
    const time = new Date(this.optionalText() ?? Number.NaN);
    return Number.isNaN(time.getTime()) ? this.refuse('a time in ISO 8601') : time;
  }

  /** A document inside a string; undefined when it is not JSON. */
  json(): Field | undefined {
    if (typeof this.value !== 'string') return undefined;
    try {
      return new Field(JSON.parse(this.value), this.path);
    } catch {
      return undefined;
    }
  }

  refuse(expected: string): never {
    throw new MalformedEvent(this.path === '' ? 'event' : this.path, expected, this.value);
  }
}

function own(value: unknown, key: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), key)?.value;
}
