/** No answer of AWS nests deeper; what does is left to be refused, not followed to the end of the stack. */
const DEEPEST = 20;

/** A saved answer as the SDK would give it: JSON may spell an absent member as null, the SDK leaves it out. */
export function withoutNulls(value: unknown, deep = 0): unknown {
  if (typeof value !== 'object' || value === null || deep > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, deep + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member, deep + 1)]),
  );
}
