import * as s3 from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { seedBucket, seedObjects } from '../../../sandbox/services/s3/seed.ts';

const HOUR = 3_600_000;

function vault(storageClass: s3.ObjectStorageClass) {
  const sandbox = createSandbox();
  const { world, account, region } = sandbox;
  seedBucket(world, { name: 'vault', account, region });
  seedObjects(world, 'vault', 1, { key: () => 'a', size: 3, storageClass });
  const client = new s3.S3Client({ ...sandbox.clientConfig(), maxAttempts: 1 });
  const at = { Bucket: 'vault', Key: 'a' };
  return {
    pass: (hours: number) => world.clock.advance(hours * HOUR),
    restore: (Tier: s3.Tier, Days = 2) =>
      client.send(
        new s3.RestoreObjectCommand({ ...at, RestoreRequest: { Days, GlacierJobParameters: { Tier } } }),
      ),
    copy: () => client.send(new s3.CopyObjectCommand({ ...at, Key: 'b', CopySource: 'vault/a' })),
    header: async () => (await client.send(new s3.HeadObjectCommand(at))).Restore,
  };
}

it.each([
  ['GLACIER', 'Standard', 5],
  ['GLACIER', 'Bulk', 12],
  ['DEEP_ARCHIVE', 'Standard', 12],
  ['DEEP_ARCHIVE', 'Bulk', 48],
] as const)(
  'content in %s by %s comes back after %d hours, for the days asked',
  async (kind, tier, hours) => {
    const { pass, restore, copy, header } = vault(kind);
    await expect(copy()).rejects.toMatchObject({ name: 'InvalidObjectState' });
    await restore(tier);
    expect(await header()).toBe('ongoing-request="true"');
    await expect(restore(tier)).rejects.toMatchObject({ name: 'RestoreAlreadyInProgress' });
    await pass(hours - 0.1);
    await expect(copy()).rejects.toMatchObject({ name: 'InvalidObjectState' });
    await pass(0.1);
    expect(await header()).toMatch(/^ongoing-request="false", expiry-date=/);
    await copy();
    await pass(48);
    await expect(copy()).rejects.toMatchObject({ name: 'InvalidObjectState' });
  },
);

it('what is not archived cannot be restored', async () => {
  await expect(vault('STANDARD').restore('Bulk')).rejects.toMatchObject({ name: 'InvalidObjectState' });
});

it('a tier that is not simulated is refused by name', async () => {
  await expect(vault('GLACIER').restore('Expedited')).rejects.toThrow(/tier Expedited/);
});
