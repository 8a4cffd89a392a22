import { isIP } from 'node:net';
import { S3ControlClient, type S3ControlClientConfig } from '@aws-sdk/client-s3-control';

/**
 * S3's client for what belongs to an account. The SDK puts the account in front of the host, which an IP address (the
 * sandbox's) cannot take: there it is left out, the header `x-amz-account-id` says the same.
 */
export class AccountS3Client extends S3ControlClient {
  constructor(config: S3ControlClientConfig) {
    super(config);
    const own = this.config.endpointProvider;
    this.config.endpointProvider = (parameters, context) => {
      const address = plainAddress(parameters.Endpoint);
      return address === undefined ? own(parameters, context) : { url: address };
    };
  }
}

/** Also an endpoint that only AWS_ENDPOINT_URL names is among the parameters. */
function plainAddress(endpoint: unknown): URL | undefined {
  if (typeof endpoint !== 'string') return undefined;
  const url = new URL(endpoint);
  return isIP(url.hostname) === 0 ? undefined : url;
}
