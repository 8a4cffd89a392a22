import type { TrailDetail } from '../../core/service.ts';

/**
 * CloudTrail of EC2's newer operations: the request stays in Pascal case inside `<Operation>Request`, a list becomes
 * its wire name (one member: an object, several: an array), each member numbered by `tag`.
 */
export function wrappedTrail(
  operation: string,
  listNames: Readonly<Record<string, string>> = {},
): (input: object, output: object | undefined, call: { readonly requestId: string }) => TrailDetail {
  return (input, output, { requestId }) => ({
    request: { [`${operation}Request`]: wrap(input, listNames) },
    ...(output && { response: { [`${operation}Response`]: { ...lowerCamel(output), requestId } } }),
  });
}

function wrap(value: object, listNames: Readonly<Record<string, string>>): Record<string, unknown> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [listNames[name] ?? name, wrapMember(member, listNames)]),
  );
}

function wrapMember(member: unknown, listNames: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(member)) {
    const numbered = member.map((one, index) =>
      typeof one === 'object' && one !== null
        ? { ...wrap(one, listNames), tag: index + 1 }
        : { content: one, tag: index + 1 },
    );
    return numbered.length === 1 ? numbered[0] : numbered;
  }
  return typeof member === 'object' && member !== null && !(member instanceof Date)
    ? wrap(member, listNames)
    : member;
}

/** `Return` → `return`, deep, dates as text. */
function lowerCamel(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), lowerMember(member)]),
  );
}

function lowerMember(member: unknown): unknown {
  if (member instanceof Date) return member.toISOString();
  if (Array.isArray(member)) return member.length > 0 ? { items: member.map(lowerMember) } : {};
  return typeof member === 'object' && member !== null ? lowerCamel(member) : member;
}
