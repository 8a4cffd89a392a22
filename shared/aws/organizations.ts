import { DescribeEffectivePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { type Aws, verb } from './access.ts';
import { AwsFailure } from './errors.ts';

/** What AWS answers where there is no such policy: no organization, or none of this type for the account. */
const NONE: readonly string[] = ['AWSOrganizationsNotInUseException', 'EffectivePolicyNotFoundException'];

/**
 * The effective tag policy of the account, as JSON; undefined where there is none. Any account of an organization may ask
 * about itself. https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
 */
export const effectiveTagPolicy = verb(
  ['organizations:DescribeEffectivePolicy'],
  async (aws: Aws): Promise<string | undefined> => {
    try {
      const command = new DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY' });
      return (await aws.send(OrganizationsClient, command)).EffectivePolicy?.PolicyContent;
    } catch (error) {
      if (error instanceof AwsFailure && NONE.includes(error.code)) return undefined;
      throw error;
    }
  },
);
