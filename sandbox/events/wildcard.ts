type Refuse = (reason: string) => never;

/** Compiles `*` (any run of characters); `\*` and `\\` stand for themselves. Two `*` in a row are refused. */
export function wildcard(pattern: string, refuse: Refuse): (value: string) => boolean {
  const [head = '', ...rest] = literals(pattern, refuse);
  const tail = rest.pop();
  if (tail === undefined) return (value) => value === head;
  return (value) => {
    if (!value.startsWith(head)) return false;
    let at = head.length;
    for (const piece of rest) {
      const found = value.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return value.length - tail.length >= at && value.endsWith(tail);
  };
}

/** The literal pieces between the stars. */
function literals(pattern: string, refuse: Refuse): string[] {
  const pieces = [''];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') {
      if (pattern.charAt(at + 1) === '*') refuse(`Consecutive wildcard characters at pos ${at}`);
      pieces.push('');
      continue;
    }
    if (char === '\\') {
      at++;
      if (!['*', '\\'].includes(pattern.charAt(at))) refuse(`Invalid escape character at pos ${at - 1}`);
    }
    pieces.push(`${pieces.pop() ?? ''}${pattern.charAt(at)}`);
  }
  return pieces;
}
