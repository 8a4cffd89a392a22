import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Aws } from '../../../../shared/aws/access.ts';
import { createAws } from '../../../../shared/aws/factory.ts';
import { deleteVersion, deleteVersions } from '../../../../shared/aws/s3/deletion.ts';

interface Sent {
  readonly hostname: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Our access to AWS itself, answered before anything leaves: what would be sent, and where. */
function listening(region = 'eu-west-1'): { aws: Aws; sent: Sent[] } {
  const sent: Sent[] = [];
  const requestHandler = {
    async handle(request: Sent) {
      sent.push(request);
      const body = Readable.from([Buffer.from('<DeleteResult/>')]);
      return { response: { statusCode: 200, headers: {}, body } };
    },
  };
  const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' });
  const place = { partition: 'aws', account: '111122223333', region };
  return { aws: createAws(place, { credentials, requestHandler }), sent };
}

it('B4.50 a name with dots goes into the path, where no certificate has to match it', async () => {
  const { aws, sent } = listening();
  for (const bucket of ['www.example.com', 'plain'])
    await deleteVersion(aws, bucket, { key: 'k', id: 'null' });
  expect(sent.map(({ hostname, path }) => hostname + path)).toEqual([
    's3.eu-west-1.amazonaws.com/www.example.com/k',
    'plain.s3.eu-west-1.amazonaws.com/k',
  ]);
});

it('B4.36 B4.47 a batch carries a checksum of its body and the owner that we expect', async () => {
  const { aws, sent } = listening();
  await deleteVersions(aws, 'plain', [{ key: 'a\r\nb', id: 'null' }]);
  expect(sent[0]?.headers).toMatchObject({
    'x-amz-checksum-crc32': expect.any(String),
    'x-amz-expected-bucket-owner': '111122223333',
  });
});
