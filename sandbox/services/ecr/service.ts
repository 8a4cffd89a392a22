import type { DescribeRepositoriesRequest, DescribeRepositoriesResponse } from '@aws-sdk/client-ecr';
import { AwsError } from '../../core/errors.ts';
import { operation, type Service } from '../../core/service.ts';

/** Nobody can make a repository here, so there is none; deployment tools ask before they leave. */
const describeRepositories = operation<DescribeRepositoriesRequest, DescribeRepositoriesResponse>({
  authorize: ({ repositoryNames = [], registryId }, { partition, region, account }) => [
    {
      action: 'ecr:DescribeRepositories',
      resources: (repositoryNames.length > 0 ? repositoryNames : ['*']).map(
        (name) => `arn:${partition}:ecr:${region}:${registryId ?? account}:repository/${name}`,
      ),
    },
  ],
  run({ repositoryNames = [], registryId }, { account }) {
    if (repositoryNames.length === 0) return { repositories: [] };
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${repositoryNames[0]}' does not exist in the registry with id '${registryId ?? account}'`,
    );
  },
});

/** Amazon ECR of an account without images. */
export const ecr: Service = {
  name: 'ecr',
  signingName: 'ecr',
  iamPrefix: 'ecr',
  eventSource: 'ecr.amazonaws.com',
  load: () => import('@aws-sdk/client-ecr'),
  operations: { DescribeRepositories: describeRepositories },
};
