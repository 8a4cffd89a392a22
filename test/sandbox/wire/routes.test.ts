import { expect, it } from 'vitest';
import { lambda } from '../../../sandbox/services/lambda/service.ts';
import type { WireRequest } from '../../../sandbox/wire/message.ts';
import { modelOf } from '../../../sandbox/wire/model.ts';
import { matchRoute } from '../../../sandbox/wire/routes.ts';

const FUNCTIONS = '/2015-03-31/functions';

it.each([
  ['GET', FUNCTIONS, 'ListFunctions', {}],
  ['GET', `${FUNCTIONS}/`, 'ListFunctions', {}],
  ['POST', FUNCTIONS, 'CreateFunction', {}],
  ['GET', `${FUNCTIONS}/sweep`, 'GetFunction', { FunctionName: 'sweep' }],
  ['DELETE', `${FUNCTIONS}/sweep`, 'DeleteFunction', { FunctionName: 'sweep' }],
  ['POST', `${FUNCTIONS}/sweep/invocations`, 'Invoke', { FunctionName: 'sweep' }],
  [
    'POST',
    `${FUNCTIONS}/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Aa%2Fb/invocations`,
    'Invoke',
    { FunctionName: 'arn:aws:lambda:eu-west-1:1:function:a/b' },
  ],
  [
    'DELETE',
    `${FUNCTIONS}/sweep/policy/open`,
    'RemovePermission',
    { FunctionName: 'sweep', StatementId: 'open' },
  ],
  ['GET', `${FUNCTIONS}/100%`, 'GetFunction', { FunctionName: '100%' }],
])('%s %s is %s', async (method, path, operation, labels) => {
  const request: WireRequest = { method, path, query: {}, headers: {}, body: new Uint8Array() };
  const match = matchRoute(request, await modelOf(lambda));

  expect({ operation: match?.operation.name, labels: match?.labels }).toEqual({ operation, labels });
});

it.each([
  ['PATCH', FUNCTIONS],
  ['GET', '/2015-03-31/nothing'],
  ['POST', `${FUNCTIONS}/a/b/invocations`],
])('%s %s is nothing', async (method, path) => {
  const request: WireRequest = { method, path, query: {}, headers: {}, body: new Uint8Array() };

  expect(matchRoute(request, await modelOf(lambda))).toBeUndefined();
});
