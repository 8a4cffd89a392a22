import { AwsError } from '../core/errors.ts';
import { parseScalar } from './scalar.ts';
import type { Member, Shape, Structure } from './shape.ts';

/** What XML 1.0 does not allow, raw or as a character reference: controls except tab and line ends, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\P{Cc}\t\n\r\u007f-\u009f]|[\ufffe\uffff]/u;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads an XML document strictly by its shape, as S3 does: an element that the schema does not know, a text that is no
 * XML or an element given twice is MalformedXML.
 */
export function readXml(shape: Structure, body: Uint8Array): Readonly<Record<string, unknown>> {
  const reader = new XmlReader(decodeUtf8(body));
  reader.skipProlog();
  const tag = reader.open();
  const value = reader.structure(shape, tag);
  reader.end();
  return value;
}

interface Tag {
  readonly name: string;
  readonly attributes: string;
  readonly isEmpty: boolean;
}

class XmlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipProlog(): void {
    for (let found = this.#skip(/\s*<(\?|!--)/y); found; found = this.#skip(/\s*<(\?|!--)/y)) {
      const stop = found[1] === '?' ? '?>' : '-->';
      const at = this.#text.indexOf(stop, this.#at);
      if (at < 0) throw malformedXml();
      this.#at = at + stop.length;
    }
  }

  end(): void {
    this.#skip(/\s*/y);
    if (this.#at < this.#text.length) throw malformedXml();
  }

  open(): Tag {
    const found = this.#skip(/\s*<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y);
    if (!found) throw malformedXml();
    const [, name = '', attributes = '', slash] = found;
    return { name, attributes, isEmpty: slash === '/' };
  }

  structure(shape: Structure, tag: Tag): Record<string, unknown> {
    const value = attributesOf(shape, tag);
    this.#children(tag, (child) => {
      const member = membersOf(shape).get(child.name);
      if (!member) throw malformedXml();
      const { name, traits } = member;
      if (member.shape.kind === 'list' && traits.xmlFlattened !== undefined) {
        const list: unknown[] = Array.isArray(value[name]) ? value[name] : [];
        list.push(this.#value(member.shape.item.shape, child));
        value[name] = list;
      } else if (Object.hasOwn(value, name)) throw malformedXml();
      else value[name] = this.#value(member.shape, child);
    });
    return value;
  }

  #value(shape: Shape, tag: Tag): unknown {
    if (shape.kind === 'structure') return this.structure(shape, tag);
    if (shape.kind === 'list') return this.#list(shape.item, tag);
    if (shape.kind === 'map') throw malformedXml();
    const written = this.#content(tag);
    try {
      return parseScalar(shape, written, tag.name, 'date-time');
    } catch {
      throw malformedXml();
    }
  }

  #list(item: Member, tag: Tag): unknown[] {
    const values: unknown[] = [];
    const expected = item.traits.xmlName ?? 'member';
    this.#children(tag, (child) => {
      if (child.name !== expected) throw malformedXml();
      values.push(this.#value(item.shape, child));
    });
    return values;
  }

  #children(tag: Tag, read: (child: Tag) => void): void {
    if (tag.isEmpty) return;
    while (!this.#skip(/\s*<\//y)) read(this.open());
    this.#close(tag);
  }

  #content(tag: Tag): string {
    if (tag.isEmpty) return '';
    const stop = this.#text.indexOf('<', this.#at);
    const raw = this.#text.slice(this.#at, stop);
    if (stop < 0 || !this.#text.startsWith('</', stop)) throw malformedXml();
    this.#at = stop + 2;
    this.#close(tag);
    return raw.includes('&') ? decodeEntities(raw) : raw;
  }

  /** Behind `</`. */
  #close({ name }: Tag): void {
    if (!this.#text.startsWith(name, this.#at)) throw malformedXml();
    this.#at += name.length;
    if (!this.#skip(/\s*>/y)) throw malformedXml();
  }

  #skip(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}

const byElement = new WeakMap<Structure, ReadonlyMap<string, Member>>();

function membersOf(shape: Structure): ReadonlyMap<string, Member> {
  const known = byElement.get(shape);
  if (known) return known;
  const members = new Map(shape.members.map((member) => [member.traits.xmlName ?? member.name, member]));
  byElement.set(shape, members);
  return members;
}

function attributesOf(shape: Structure, { attributes }: Tag): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [, name = '', , double, single] of attributes.matchAll(
    /([\w:.-]+)\s*=\s*("([^"]*)"|'([^']*)')/g,
  )) {
    const member = membersOf(shape).get(name);
    if (member?.traits.xmlAttribute) value[member.name] = decodeEntities(double ?? single ?? '');
    else if (!name.startsWith('xmlns')) throw malformedXml();
  }
  return value;
}

function decodeEntities(raw: string): string {
  return raw.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));|&/gi, (_all, hex, decimal, name) => {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    const character = name ? ENTITIES[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined || FORBIDDEN.test(character) || (code >= 0xd800 && code <= 0xdfff)) {
      throw malformedXml();
    }
    return character;
  });
}

function decodeUtf8(body: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw malformedXml();
  }
  if (FORBIDDEN.test(text)) throw malformedXml();
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

export function malformedXml(cause?: unknown): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return Object.assign(new AwsError('MalformedXML', message), cause === undefined ? {} : { cause });
}
