import type { Call, Demand } from '../../core/service.ts';
import { parseFunctionName } from '../../lambda/function.ts';

/** May the caller do this to that function (named or by ARN)? */
export function onFunction(action: string, call: Call, name = ''): readonly Demand[] {
  const { name: short, region = call.region, account = call.account } = parseFunctionName(name);
  return [{ action, resources: [`arn:${call.partition}:lambda:${region}:${account}:function:${short}`] }];
}
