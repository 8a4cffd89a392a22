import { AwsError } from '../core/errors.ts';
import type { Call, Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { authorize } from '../iam/authorize.ts';
import type { FunctionVersion } from './function.ts';
import { executionPrincipal } from './role.ts';

const ACTIONS = ['CreateLogStream', 'PutLogEvents'] as const;

/**
 * Lambda writes a function's log with the rights of its role; without them the lines are lost, and the function runs on.
 * Source: Lambda developer guide, "Defining Lambda function permissions with an execution role".
 */
export function mayWriteLog(world: World, where: Where, version: FunctionVersion, stream: string): boolean {
  const { role, logGroup } = version.configuration;
  const { partition, region, account } = where;
  const resources = [`arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:log-stream:${stream}`];
  const principal = { ...executionPrincipal(world, version.arn, role, version.name), accessKeyId: '' };
  try {
    for (const operation of ACTIONS) {
      const call: Call = {
        ...where,
        world,
        principal,
        service: 'logs',
        operation,
        requestId: world.random.uuid(),
        now: new Date(world.clock.now()),
        sourceIp: 'lambda.amazonaws.com',
        userAgent: 'lambda.amazonaws.com',
      };
      authorize(world, call, [{ action: `logs:${operation}`, resources }]);
    }
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
