import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SwitchPosition } from '../engine/ports.ts';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';

/**
 * Reads the SSM parameter that stops all actions (B6.2). Only the value `off` lets them happen; any other value counts
 * as `on`. Throws when the parameter cannot be read, which stops them too.
 */
export const readKillSwitch = verb(
  ['ssm:GetParameter'],
  async (aws: Aws, name: string): Promise<SwitchPosition> => {
    try {
      const { Parameter } = await aws.send(SSMClient, new GetParameterCommand({ Name: name }));
      return Parameter?.Value?.trim() === 'off' ? 'off' : 'on';
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ParameterNotFound') return 'missing';
      throw error;
    }
  },
);
