type Refuse = (reason: string) => never;

const LIMIT = 5e9;
const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '=': (value, bound) => value === bound,
};

/** `["=", 5]`, `["<", 10]` or a range `[">", 0, "<=", 5]`; numbers between -5.0e9 and 5.0e9. */
export function numericRange(operand: unknown, refuse: Refuse): (leaf: unknown) => boolean {
  if (!Array.isArray(operand)) return refuse('Value of numeric must be an array.');
  const parts: readonly unknown[] = operand;
  const bounds: ReturnType<typeof bound>[] = [];
  for (let at = 0; at < parts.length; at += 2) bounds.push(bound(parts[at], parts[at + 1], refuse));
  checkShape(bounds, refuse);
  return (leaf) => typeof leaf === 'number' && bounds.every(({ compare, limit }) => compare(leaf, limit));
}

function bound(operator: unknown, limit: unknown, refuse: Refuse) {
  const compare = typeof operator === 'string' ? COMPARE[operator] : undefined;
  if (!compare) return refuse(`Unrecognized numeric range operator: ${String(operator)}`);
  if (typeof limit !== 'number') return refuse(`Value of ${String(operator)} must be numeric`);
  if (Math.abs(limit) > LIMIT) refuse(`Value must be between -5.0e9 and 5.0e9, inclusive: ${limit}`);
  return { operator: String(operator), compare, limit };
}

function checkShape(bounds: readonly { operator: string; limit: number }[], refuse: Refuse): void {
  const [low, high, ...more] = bounds;
  if (!low) refuse('Invalid member in numeric match: empty');
  if (!high) return;
  if (more.length > 0) refuse('Too many elements in numeric expression');
  if (!low.operator.startsWith('>'))
    refuse(`Too many elements in numeric expression after "${low.operator}"`);
  if (!high.operator.startsWith('<')) refuse(`Bad numeric range operator: ${high.operator}`);
  if (low.limit >= high.limit) refuse('Bottom must be less than top');
}
