import type { Readable } from 'node:stream';

/** Cuts what a process writes into lines; the rest without a line feed comes when it ends. */
export function onLines(stream: Readable, line: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) line(part);
  });
  stream.on('end', () => rest && line(rest));
}
