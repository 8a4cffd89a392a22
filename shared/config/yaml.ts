import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { plain } from '../notify/escape.ts';

const MOST_BYTES = 1024 * 1024;
const MOST_ALIASES = 50;
const MOST_INDENT = 100;
const MOST_OPEN = 50;
const REFUSED_KEYS: readonly unknown[] = ['__proto__', 'constructor', 'prototype'];

export type Path = readonly (string | number)[];

/** A YAML file as plain data, and where in the text each part of it stands. */
export interface ConfigText {
  readonly value: unknown;
  /** The line of that part, or of the nearest thing around it. */
  lineOf(path: Path): number;
  /** As it was written: `012345678901` rather than the number that YAML made of it. */
  sourceOf(path: Path): string | undefined;
}

export interface Mistake {
  readonly line: number;
  readonly message: string;
}

/**
 * Reads YAML without its dangerous parts: no tags, few aliases, no duplicate keys, one document, a bounded size, and no
 * key that could reach a prototype (B6.29, B6.30).
 */
export function readYaml(text: string): ConfigText | readonly Mistake[] {
  if (Buffer.byteLength(text) > MOST_BYTES) return [{ line: 1, message: 'larger than 1 MB' }];
  const deep = firstTooDeep(text);
  if (deep) return [{ line: deep, message: 'nested too deeply' }];
  try {
    return parse(text);
  } catch (error) {
    // Aliases that lead nowhere, or to too much, come as exceptions.
    return [{ line: 1, message: oneLine(error instanceof Error ? error.message : String(error)) }];
  }
}

function parse(text: string): ConfigText | readonly Mistake[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const lineAt = (offset: number | undefined): number => Math.max(1, lines.linePos(offset ?? 0).line);
  const mistakes: Mistake[] = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lineAt(pos[0]),
    message: oneLine(message),
  }));
  if (document.directives?.yaml.explicit)
    mistakes.push({ line: 1, message: 'no %YAML directive is allowed' });
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || !REFUSED_KEYS.includes(key.value)) return;
      mistakes.push({ line: lineAt(key.range?.[0]), message: `the key "${key.value}" is not allowed` });
    },
  });
  if (mistakes.length > 0) return mistakes;

  const nodeAt = (path: Path): Node | undefined => {
    const node = document.getIn(path, true);
    return isNode(node) ? node : undefined;
  };
  return {
    value: document.toJS({ maxAliasCount: MOST_ALIASES }),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const around = nodeAt(path.slice(0, length - 1));
        const key = isMap(around)
          ? around.items.find((pair) => keyOf(pair.key) === path[length - 1])?.key
          : undefined;
        const found = isScalar(key) ? key : nodeAt(path.slice(0, length));
        if (found?.range) return lineAt(found.range[0]);
      }
      return lineAt(document.contents?.range?.[0]);
    },
    sourceOf(path) {
      const node = nodeAt(path);
      return isScalar(node) && typeof node.value !== 'string' ? node.source : undefined;
    },
  };
}

/** The parser quotes what it stumbles over, however long it is and whatever it holds (B6.22). */
function oneLine(message: string): string {
  return plain(message, 300);
}

function keyOf(key: unknown): unknown {
  return isScalar(key) ? key.value : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

/**
 * The first line that nests deeper than any real configuration. Checked before parsing: the parser recurses, and its
 * own expressions exhaust the memory on thousands of levels.
 */
function firstTooDeep(text: string): number | undefined {
  let open = 0;
  const deep = text.split('\n').findIndex((line) => {
    if (/^\s*#/.test(line)) return false;
    const indicators = /^[\s?:-]*/.exec(line)?.[0].length ?? 0;
    const brackets = line.match(/[[\]{}]/g) ?? [];
    const peak = brackets.reduce((highest, bracket) => {
      open = Math.max(0, open + (bracket === '[' || bracket === '{' ? 1 : -1));
      return Math.max(highest, open);
    }, open);
    return indicators > MOST_INDENT || peak > MOST_OPEN;
  });
  return deep < 0 ? undefined : deep + 1;
}
