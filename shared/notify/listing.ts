const encoder = new TextEncoder();

/** A titled part of a message. `omitted` of its entries are not at hand at all. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  readonly omitted?: number;
}

/**
 * Parts one after the other within `bytes` of UTF-8; an entry stands whole or not at all, and what found no room is
 * counted (B5.35). Every part gets an equal share of what is left, so that a long first one hides none of the others.
 */
export function listing(bytes: number, parts: readonly Part[]): string {
  const shown = parts.filter(({ lines, omitted = 0 }) => lines.length + omitted > 0);
  let left = bytes;
  const texts = shown.map((part, index) => {
    const text = partText(part, Math.floor(left / (shown.length - index)));
    left -= sizeOf(text) + 2;
    return text;
  });
  return texts.join('\n\n');
}

function partText({ title, lines, omitted = 0 }: Part, bytes: number): string {
  const kept = [title];
  let size = sizeOf(title) + 'and 1234567 more'.length + 1;
  for (const line of lines) {
    size += sizeOf(line) + 1;
    if (size > bytes) break;
    kept.push(line);
  }
  const missing = lines.length - (kept.length - 1) + omitted;
  if (missing > 0) kept.push(`and ${missing} more`);
  return kept.join('\n');
}

function sizeOf(text: string): number {
  return encoder.encode(text).length;
}
