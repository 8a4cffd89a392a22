import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import { findFunction, type LambdaFunction } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';
import { invalid } from './settings.ts';

export const addPermission: Operation = operation<AddPermissionRequest, AddPermissionResponse>({
  authorize: (input, call) => onFunction('lambda:AddPermission', call, input.FunctionName),
  run(input, call) {
    const known = [
      'FunctionName',
      'StatementId',
      'Action',
      'Principal',
      'SourceArn',
      'SourceAccount',
      'PrincipalOrgID',
      'RevisionId',
    ];
    refuseOthers('AddPermission', input, known);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    const { StatementId: sid = '' } = input;
    if (!/^[a-zA-Z0-9-_]{1,100}$/.test(sid))
      throw invalid(`Value '${sid}' at 'statementId' failed to satisfy constraint`);
    if (found.statements.has(sid)) {
      const message = `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
      throw new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
    }
    const statement = statementOf(input, call, found);
    found.statements.set(sid, statement);
    try {
      keepPolicy(call, found);
    } catch (error) {
      found.statements.delete(sid);
      throw invalid(error instanceof Error ? error.message : 'The provided principal was invalid.');
    }
    return { Statement: JSON.stringify(statement) };
  },
});

export const removePermission: Operation = operation<RemovePermissionRequest, object>({
  authorize: (input, call) => onFunction('lambda:RemovePermission', call, input.FunctionName),
  run(input, call) {
    refuseOthers('RemovePermission', input, ['FunctionName', 'StatementId', 'RevisionId']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    if (!found.statements.delete(input.StatementId ?? '')) {
      throw missing(`Statement ${input.StatementId} is not found in resource policy.`);
    }
    keepPolicy(call, found);
    return {};
  },
});

export const getPolicy: Operation = operation<GetPolicyRequest, GetPolicyResponse>({
  authorize: (input, call) => onFunction('lambda:GetPolicy', call, input.FunctionName),
  run(input, call) {
    refuseOthers('GetPolicy', input, ['FunctionName']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    if (found.statements.size === 0) throw missing('The resource you requested does not exist.');
    return { Policy: policyOf(found), RevisionId: found.latest.revisionId };
  },
});

function statementOf(input: AddPermissionRequest, call: Call, found: LambdaFunction): object {
  const { Principal = '', SourceArn, SourceAccount, PrincipalOrgID } = input;
  const service = /\.amazonaws\.com(\.cn)?$/.test(Principal);
  const account = /^\d{12}$/.test(Principal);
  const aws = account ? `arn:${call.partition}:iam::${Principal}:root` : Principal;
  const equal = {
    ...(SourceAccount && { 'AWS:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID && { 'aws:PrincipalOrgID': PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    ...(SourceArn && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : service ? { Service: Principal } : { AWS: aws },
    Action: input.Action,
    Resource: found.arn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

function keepPolicy({ world }: Call, found: LambdaFunction): void {
  setResourcePolicy(world, found.arn, found.statements.size > 0 ? policyOf(found) : undefined);
}

function policyOf({ statements }: LambdaFunction): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [...statements.values()] });
}

const missing = (message: string) =>
  new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
