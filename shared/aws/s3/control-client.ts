import { isIP } from 'node:net';
import { S3ControlClient, type S3ControlClientConfig } from '@aws-sdk/client-s3-control';

/**
 * S3's client for what belongs to an account. The SDK puts the account in front of the host, which an IP address (the
 * sandbox's) cannot take: there it is left out, the header `x-amz-account-id` says the same.
 */
export class AccountS3Client extends S3ControlClient {
  constructor(config: S3ControlClientConfig) {
    super(withPlainAddress(config));
  }
}

function withPlainAddress(config: S3ControlClientConfig): S3ControlClientConfig {
  const { endpoint } = config;
  if (typeof endpoint !== 'string') return config;
  const url = new URL(endpoint);
  if (isIP(url.hostname) === 0) return config;
  // Every client takes this, though its type does not say so.
  return { ...config, endpointProvider: () => ({ url }) } as S3ControlClientConfig;
}
