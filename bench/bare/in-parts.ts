/** Calls once for each part of a list, five at once; the answers in order. */
export async function inParts<T, R>(
  all: readonly T[],
  size: number,
  call: (part: readonly T[]) => Promise<R>,
): Promise<readonly R[]> {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index * size);
  const answers: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < starts.length; index = next++) {
      const start = starts[index] ?? 0;
      answers[index] = await call(all.slice(start, start + size));
    }
  };
  await Promise.all(Array.from({ length: 5 }, worker));
  return answers;
}
