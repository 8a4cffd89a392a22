/** The allowed word that was probably meant: few letters changed, added, lost. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const near = allowed
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.min(2, candidate.length / 2))
    .toSorted((a, b) => a.away - b.away);
  return near[0]?.candidate;
}

/** Levenshtein's; the words are keys of a settings file, so length is capped rather than the algorithm refined. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a.slice(0, 64)].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
