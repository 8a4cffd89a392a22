const encoder = new TextEncoder();

/** A titled part of a message. `omitted` of its entries are not at hand at all. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  readonly omitted?: number;
}

/** A message, and how many entries of each part stand in it. */
export interface Listing {
  readonly text: string;
  readonly kept: ReadonlyMap<Part, number>;
}

/**
 * Parts one after the other within `bytes` of UTF-8; an entry stands whole or not at all, and what found no room is
 * counted (B5.35). Every part gets an equal share of what is left, so that a long first one hides none of the others.
 */
export function listing(bytes: number, parts: readonly Part[]): Listing {
  const shown = parts.filter(({ lines, omitted = 0 }) => lines.length + omitted > 0);
  let left = bytes;
  const fitted = shown.map((part, index) => {
    const fits = fitting(part, Math.floor(left / (shown.length - index)));
    left -= sizeOf(fits.text) + 2;
    return { part, ...fits };
  });
  return {
    text: fitted.map(({ text }) => text).join('\n\n'),
    kept: new Map(fitted.map(({ part, kept }) => [part, kept])),
  };
}

function fitting({ title, lines, omitted = 0 }: Part, bytes: number): { text: string; kept: number } {
  const kept = [title];
  let size = sizeOf(title) + 'and 1234567 more'.length + 1;
  for (const line of lines) {
    size += sizeOf(line) + 1;
    if (size > bytes) break;
    kept.push(line);
  }
  const stand = kept.length - 1;
  const missing = lines.length - stand + omitted;
  if (missing > 0) kept.push(`and ${missing} more`);
  return { text: kept.join('\n'), kept: stand };
}

function sizeOf(text: string): number {
  return encoder.encode(text).length;
}
