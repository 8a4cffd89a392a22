import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../events/', import.meta.url);

/** Every file of `events/`, its text changed by `about`, e.g. to name what an account really has. */
export function sampleEvents(about: (text: string) => string = (text) => text): ReadonlyMap<string, unknown> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return new Map(
    names.map((name) => [name, JSON.parse(about(readFileSync(new URL(name, FOLDER), 'utf8')))] as const),
  );
}
