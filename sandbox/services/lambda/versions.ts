import type {
  FunctionConfiguration as Described,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
  PublishVersionRequest,
} from '@aws-sdk/client-lambda';
import { type Operation, operation } from '../../core/service.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { type FunctionVersion, findFunction, type LambdaFunction } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';
import { describeVersion } from './describe.ts';

export const publishVersion: Operation = operation<PublishVersionRequest, Described>({
  authorize: (input, call) => onFunction('lambda:PublishVersion', call, input.FunctionName),
  run(input, call) {
    refuseOthers('PublishVersion', input, ['FunctionName', 'CodeSha256', 'Description', 'RevisionId']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    return describeVersion(publish(found, call.now, input.Description));
  },
});

export const listVersionsByFunction: Operation = operation<
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse
>({
  authorize: (input, call) => onFunction('lambda:ListVersionsByFunction', call, input.FunctionName),
  run(input, call) {
    refuseOthers('ListVersionsByFunction', input, ['FunctionName', 'MaxItems']);
    const found = findFunction(call.world, call, input.FunctionName ?? '');
    return { Versions: [found.latest, ...found.published].map(describeVersion) };
  },
});

/** Freezes the function as it is now under the next number; nothing new when nothing changed since the last time. */
export function publish(fn: LambdaFunction, now: Date, description?: string): FunctionVersion {
  const last = fn.published.at(-1);
  const same = last?.sha256 === fn.latest.sha256 && last.configuration === fn.latest.configuration;
  if (last && same) return last;
  const version = String(Number(last?.version ?? 0) + 1);
  const published: FunctionVersion = {
    ...fn.latest,
    version,
    arn: `${fn.arn}:${version}`,
    revisionId: `${fn.latest.revisionId}:${version}`,
    lastModified: now.toISOString().replace('Z', '+0000'),
    ...(description !== undefined && { configuration: { ...fn.latest.configuration, description } }),
  };
  fn.published.push(published);
  return published;
}
