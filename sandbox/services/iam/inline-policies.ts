import { type Call, type Operation, operation } from '../../core/service.ts';
import {
  checkedName,
  limitExceeded,
  noSuchEntity,
  onIdentity,
  roleNamed,
  sized,
  userNamed,
} from './refuse.ts';
import { type Identity, stored } from './store.ts';

interface Input {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly PolicyName?: string;
  readonly PolicyDocument?: string;
}

/** Roles may hold 10,240 characters of inline policies in all, users 2,048 (IAM quotas). */
const LONGEST = { role: 10_240, user: 2048 } as const;

/** Put, Get, Delete and List of the inline policies of roles or of users. */
export function inlinePolicyOperations(
  kind: 'role' | 'user',
): Readonly<Record<'put' | 'get' | 'remove' | 'list', Operation>> {
  const nameOf = ({ RoleName, UserName }: Input) => (kind === 'role' ? RoleName : UserName);
  const find = (input: Input, call: Call): Identity =>
    kind === 'role' ? roleNamed(call, nameOf(input)) : userNamed(call, nameOf(input));
  const authorize = (input: Input, call: Call) => onIdentity(call, kind, nameOf(input));
  const found = (input: Input, call: Call) => {
    const identity = find(input, call);
    const policy = identity.inline.get(input.PolicyName ?? '');
    if (!policy) throw noSuchEntity(`The ${kind} policy with name ${input.PolicyName} cannot be found.`);
    return { identity, policy };
  };
  const named = ({ name }: Identity) => (kind === 'role' ? { RoleName: name } : { UserName: name });

  return {
    put: operation<Input, object>({
      authorize,
      run(input, call) {
        const identity = find(input, call);
        const policyName = checkedName(input.PolicyName, 'policyName', 128);
        const document = stored(sized(input.PolicyDocument, LONGEST[kind]), 'identity');
        const others = [...identity.inline].filter(([name]) => name !== policyName);
        const size = [document.text, ...others.map(([, { text }]) => text)]
          .join('')
          .replace(/\s/g, '').length;
        if (size > LONGEST[kind]) {
          throw limitExceeded(
            `Maximum policy size of ${LONGEST[kind]} bytes exceeded for ${kind} ${identity.name}`,
          );
        }
        identity.inline.set(policyName, document);
        return {};
      },
    }),
    get: operation<Input, object>({
      authorize,
      run(input, call) {
        const { identity, policy } = found(input, call);
        const PolicyDocument = encodeURIComponent(policy.text);
        return { ...named(identity), PolicyName: input.PolicyName, PolicyDocument };
      },
    }),
    remove: operation<Input, object>({
      authorize,
      run(input, call) {
        found(input, call).identity.inline.delete(input.PolicyName ?? '');
        return {};
      },
    }),
    list: operation<Input, object>({
      authorize,
      run: (input, call) => ({ PolicyNames: [...find(input, call).inline.keys()], IsTruncated: false }),
    }),
  };
}
