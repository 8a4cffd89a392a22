import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Sandbox, SandboxOptions } from '../../../../sandbox/sandbox.ts';
import { createSandbox } from '../../../../sandbox/sandbox.ts';
import {
  type SeedOptions,
  seedBucket,
  seededBucket,
  seedObjects,
} from '../../../../sandbox/services/s3/seed.ts';
import type { Aws } from '../../../../shared/aws/access.ts';
import { createAws } from '../../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../../shared/aws/retry.ts';
import type { EmptyingOptions, Progress } from '../../../../shared/aws/s3/emptying/job.ts';

/** An account with one old bucket in it, and everything that emptying it takes. */
export class Shed {
  readonly sandbox: Sandbox;
  readonly aws: Aws;
  readonly progress: Progress[] = [];
  readonly bucket = 'shed';
  remaining = () => 900_000;
  halted: () => string | undefined = () => undefined;

  constructor(
    versioning: 'Enabled' | 'Suspended' | undefined = 'Enabled',
    options: SandboxOptions = {},
    attempts = 2,
  ) {
    this.sandbox = createSandbox(options);
    const { account, region, world } = this.sandbox;
    seedBucket(world, {
      name: this.bucket,
      account,
      region,
      createdAt: new Date('2020-01-01T00:00:00Z'),
      ...(versioning && { versioning }),
    });
    const { credentials, endpoint, requestHandler } = this.sandbox.clientConfig({ user: 'reeve' });
    const sleep = (ms: number) => world.clock.advance(ms);
    this.aws = createAws(
      { partition: 'aws', account, region },
      {
        credentials: async () => credentials,
        endpoint,
        requestHandler,
        retryStrategy: new PatientRetry({
          attempts,
          now: () => new Date(world.clock.now()),
          sleep,
          random: () => 0.5,
        }),
      },
    );
  }

  get world() {
    return this.sandbox.world;
  }

  get state() {
    return seededBucket(this.world, this.bucket);
  }

  get isGone(): boolean {
    try {
      return !this.state;
    } catch {
      return true;
    }
  }

  fill(count: number, options: SeedOptions = {}): void {
    seedObjects(this.world, this.bucket, count, { at: new Date('2021-01-01T00:00:00Z'), ...options });
  }

  options(extra: Partial<EmptyingOptions> = {}): EmptyingOptions {
    return {
      bucket: this.bucket,
      keeps: () => undefined,
      now: () => new Date(this.world.clock.now()),
      sleep: (ms) => this.world.clock.advance(ms),
      random: () => 0.5,
      remainingMs: () => this.remaining(),
      halted: async () => this.halted(),
      onProgress: (progress) => void this.progress.push(progress),
      ...extra,
    };
  }

  /** The keys of all that is left, read by the bare client. */
  async listed(bucket: string = this.bucket): Promise<readonly string[]> {
    const client = new S3Client(this.sandbox.clientConfig());
    const told = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, EncodingType: 'url' }));
    return [...(told.Versions ?? []), ...(told.DeleteMarkers ?? [])].map(({ Key = '' }) =>
      decodeURIComponent(Key.replaceAll('+', ' ')),
    );
  }

  calls(operation?: string): readonly string[] {
    return this.world.calls
      .map((call) => call.operation)
      .filter((name) => operation === undefined || name === operation);
  }
}
