import type {
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImagesRequest,
  DescribeImagesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { Image } from './model.ts';
import { imageFields, showImage } from './show.ts';

/** Lists images: the account's own and the public ones, by owner (`self`, `amazon`, an account id) if asked. */
export const DescribeImages = ec2Operation<DescribeImagesRequest, DescribeImagesResult>(
  ['ImageIds', 'Owners', 'Filters', 'IncludeDeprecated', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const { ImageIds: ids, Owners: owners = [] } = input;
      const keep = filterBy<Image>(input.Filters, imageFields(call.now), (image) => image.tags);
      const found = chosen(ec2State.of(call).images.seen(), ids, KINDS.image).filter(
        (image) =>
          keep(image) && (owners.length === 0 || owners.some((owner) => isOwner(call, image, owner))),
      );
      const page = pageOf(found, input, { min: 1, max: 1000, ids: ids?.length ? 'ImageIds' : undefined });
      return { Images: page.items.map((image) => showImage(image, call.now)), NextToken: page.NextToken };
    },
  },
);

function isOwner({ account }: Call, image: Image, owner: string): boolean {
  return image.owner === (owner === 'self' ? account : owner) || image.ownerAlias === owner;
}

/** Takes an own image away; its snapshots stay unless they are to go too. */
export const DeregisterImage = ec2Operation<DeregisterImageRequest, DeregisterImageResult>(
  ['ImageId', 'DeleteAssociatedSnapshots'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const image = resolve(state.images.newest, input.ImageId, KINDS.image, 'imageId');
      if (image.owner !== call.account) {
        throw new AwsError('AuthFailure', `Not authorized for image:${image.id}`, 403);
      }
      state.images.delete(image.id);
      const own = image.devices.flatMap(({ snapshotId }) => snapshotId ?? []);
      const gone = input.DeleteAssociatedSnapshots ? own.filter((id) => state.snapshots.newest.has(id)) : [];
      for (const id of gone) state.snapshots.delete(id);
      return {
        Return: true,
        DeleteSnapshotResults: gone.map((SnapshotId) => ({ SnapshotId, ReturnCode: 'success' })),
      };
    },
    authorize: (input, call) => [onImage(call, input.ImageId)],
  },
);

function onImage(call: Call, id: string | undefined) {
  return onResource(call, 'image', id, ec2State.of(call).images.newest.get(id ?? ''));
}
