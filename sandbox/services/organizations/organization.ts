import type * as organizations from '@aws-sdk/client-organizations';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { inOrganization, type Member, type Organization, organizationArn } from './state.ts';

const PAGE = 20;

export const describeOrganization = operation<object, organizations.DescribeOrganizationResponse>({
  run(_, call) {
    const organization = inOrganization(call, 'member');
    const { id, management, members } = organization;
    return {
      Organization: {
        Id: id,
        Arn: organizationArn(organization, 'organization'),
        FeatureSet: 'ALL',
        MasterAccountArn: organizationArn(organization, 'account', management),
        MasterAccountId: management,
        MasterAccountEmail: members.get(management)?.email,
        AvailablePolicyTypes: [],
      },
    };
  },
});

/** Lists the organization's accounts, 20 a page, for the management account only. */
export const listAccounts = operation<organizations.ListAccountsRequest, organizations.ListAccountsResponse>({
  run({ MaxResults = PAGE, NextToken = '' }, call) {
    const organization = inOrganization(call, 'management');
    if (MaxResults < 1 || MaxResults > PAGE) {
      throw new AwsError('InvalidInputException', `MaxResults must be between 1 and ${PAGE}.`);
    }
    if (NextToken !== '' && !organization.members.has(NextToken)) {
      throw new AwsError('InvalidInputException', 'You specified an invalid value for NextToken.');
    }
    const rest = [...organization.members.values()]
      .filter(({ id }) => id > NextToken)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = rest.slice(0, MaxResults);
    return {
      Accounts: page.map((member) => shown(organization, member)),
      ...(page.length < rest.length && { NextToken: page.at(-1)?.id }),
    };
  },
});

export const listRoots = operation<organizations.ListRootsRequest, organizations.ListRootsResponse>({
  run(_, call) {
    const organization = inOrganization(call, 'management');
    const { rootId } = organization;
    return {
      Roots: [
        {
          Id: rootId,
          Arn: organizationArn(organization, 'root', rootId),
          Name: 'Root',
          PolicyTypes: [
            { Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' },
            { Type: 'TAG_POLICY', Status: 'ENABLED' },
          ],
        },
      ],
    };
  },
});

function shown(organization: Organization, { id, name, email, joinedAt }: Member): organizations.Account {
  return {
    Id: id,
    Arn: organizationArn(organization, 'account', id),
    Email: email,
    Name: name,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: id === organization.management ? 'INVITED' : 'CREATED',
    JoinedTimestamp: joinedAt,
  };
}
