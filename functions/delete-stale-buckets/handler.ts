import { embedded } from 'reeve:settings';
import { lambdaHandler } from '../../shared/lambda/handler.ts';
import { calls } from './calls.ts';
import { policy } from './policy.ts';

/** Triggers: function.yml. */
export const handler = lambdaHandler(policy, calls, embedded);
