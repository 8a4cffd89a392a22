import type { World } from '../../../core/world.ts';
import { refuse } from '../refuse.ts';

/** The size of a page: 1,000 unless fewer are asked for; more are never given. */
export function pageSize(asked: number | undefined, name: string, { behaviour }: World): number {
  const most = behaviour.keysAPage;
  if (asked === undefined) return most;
  if (!Number.isInteger(asked) || asked < 0 || asked > 2_147_483_647) {
    const text = `Argument ${name} must be an integer between 0 and 2147483647`;
    throw refuse.invalidArgument(text, name, String(asked));
  }
  return Math.min(asked, most);
}

type Write = (text: string) => string;

/**
 * How keys are written. With `url` they are percent-encoded with `+` for a space, `/` staying as it is; without it they
 * are as they are, even where XML cannot hold them.
 */
export function keyWriter(encoding: string | undefined): Write {
  if (encoding === undefined) return (key) => key;
  if (encoding !== 'url') {
    throw refuse.invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return (key) => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

/** What a listing repeats of its request. */
export function echoed(
  input: { readonly Delimiter?: string | undefined; readonly EncodingType?: string | undefined },
  write: Write,
) {
  return {
    ...(input.Delimiter !== undefined && { Delimiter: write(input.Delimiter) }),
    ...(input.EncodingType === 'url' && { EncodingType: 'url' as const }),
  };
}
