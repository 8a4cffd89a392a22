import { type Call, type Operation, operation } from '../../core/service.ts';
import { limitExceeded, noSuchEntity, onIdentity, policyAt, roleNamed, userNamed } from './refuse.ts';
import type { Identity } from './store.ts';

interface Input {
  readonly RoleName?: string;
  readonly UserName?: string;
  readonly PolicyArn?: string;
}

/** Attach, Detach and List of the managed policies of roles or of users. */
export function attachmentOperations(
  kind: 'role' | 'user',
): Readonly<Record<'attach' | 'detach' | 'list', Operation>> {
  const nameOf = ({ RoleName, UserName }: Input) => (kind === 'role' ? RoleName : UserName);
  const find = (input: Input, call: Call): Identity =>
    kind === 'role' ? roleNamed(call, nameOf(input)) : userNamed(call, nameOf(input));
  const authorize = (input: Input, call: Call) =>
    onIdentity(call, kind, nameOf(input)).map((demand) => ({
      ...demand,
      ...(input.PolicyArn !== undefined && { context: { 'iam:PolicyARN': [input.PolicyArn] } }),
    }));

  return {
    attach: operation<Input, object>({
      authorize,
      run(input, call) {
        const { attached } = find(input, call);
        const { arn } = policyAt(call, input.PolicyArn);
        if (!attached.has(arn) && attached.size >= 10) {
          throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind === 'role' ? 'Role' : 'User'}: 10`);
        }
        attached.add(arn);
        return {};
      },
    }),
    detach: operation<Input, object>({
      authorize,
      run(input, call) {
        const removed = find(input, call).attached.delete(input.PolicyArn ?? '');
        if (!removed) throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
        return {};
      },
    }),
    list: operation<Input, object>({
      authorize,
      run(input, call) {
        const policies = [...find(input, call).attached].map((PolicyArn) => ({
          PolicyArn,
          PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
        }));
        return { AttachedPolicies: policies, IsTruncated: false };
      },
    }),
  };
}
