import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedTrail } from '../../../sandbox/services/cloudtrail/trail-store.ts';
import { seedBucket, seedObjects, seedUploads } from '../../../sandbox/services/s3/seed.ts';

/** Versioned, full, and forgotten for two years. */
export const FORGOTTEN = 'photos-2023';
/** As quiet as that one, until somebody comes back to it. */
export const REVIVED = 'old-reports';
/** Quiet, and needed: a trail writes to the one, Terraform keeps its memory in the other. */
export const REFERENCED = ['audit-2022', 'infra-tfstate'] as const;
/** In daily use. */
export const LIVELY = 'website-assets';

const DAY = 86_400_000;
const MB = 1024 ** 2;

/** The company's buckets, years old. */
export function fillAttic(sandbox: Sandbox): void {
  const { world, account, region } = sandbox;
  const ago = (days: number) => new Date(world.clock.now() - days * DAY);
  const bucket = (name: string, versioned = false) =>
    seedBucket(world, {
      name,
      account,
      region,
      createdAt: ago(1000),
      ...(versioned && { versioning: 'Enabled' as const }),
      tags: { Owner: 'ana' },
    });
  const old = { at: ago(700), size: 200 * MB };

  bucket(FORGOTTEN, true);
  seedObjects(world, FORGOTTEN, 1500, old);
  seedObjects(world, FORGOTTEN, 900, { ...old, at: ago(690) });
  seedObjects(world, FORGOTTEN, 400, { ...old, markers: true, at: ago(680) });
  seedUploads(
    world,
    FORGOTTEN,
    Array.from({ length: 5 }, (_, index) => ({ key: `upload-${index}`, at: ago(690), parts: [8 * MB] })),
  );

  bucket(REVIVED);
  seedObjects(world, REVIVED, 300, old);
  const [audit, infra] = REFERENCED;
  bucket(audit);
  seedObjects(world, audit, 50, old);
  seedTrail({ world, partition: 'aws', account, region }, { Name: 'audit', S3BucketName: audit });
  bucket(infra);
  seedObjects(world, infra, 1, { ...old, size: 20_000, key: () => 'prod.tfstate' });
  bucket(LIVELY);
  // Somebody publishes something every day, to the end of the story.
  seedObjects(world, LIVELY, 120, { at: (index) => ago(index), size: 2 * MB });
}

/** Somebody puts a file into a bucket. */
export async function upload(sandbox: Sandbox, user: string, bucket: string, key: string): Promise<void> {
  const s3 = new S3Client(sandbox.clientConfig({ user }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'figures' }));
}
