import type { Member, Shape } from './shape.ts';

/** Turns one document of a REST protocol into a value and back. */
export interface Documents {
  read(member: Pick<Member, 'schema' | 'shape'>, body: Uint8Array): Promise<unknown>;
  /** `tag` names the root where the format has one. */
  write(member: Pick<Member, 'schema' | 'shape'>, value: unknown, tag: string): Uint8Array;
  readonly contentType: string;
}

/** An input or output as a whole. */
export type Bound = { readonly schema: Member['schema']; readonly shape: Shape };

/** A member without a place of its own travels in the document. */
export function isInBody({ traits }: Member): boolean {
  const { httpHeader, httpLabel, httpQuery, httpQueryParams, httpPrefixHeaders, httpResponseCode } = traits;
  const bound =
    httpHeader ?? httpLabel ?? httpQuery ?? httpQueryParams ?? httpPrefixHeaders ?? httpResponseCode;
  return bound === undefined && traits.httpPayload === undefined;
}
