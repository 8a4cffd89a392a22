import { generateKeyPairSync } from 'node:crypto';
import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  KeyPair as ShownPair,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { filterBy } from '../listing.ts';
import { KINDS, missing, unsupported } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { KeyPair } from './model.ts';

/** Makes a key pair; its private half is told this once. */
export const CreateKeyPair = ec2Operation<CreateKeyPairRequest, ShownPair>(
  ['KeyName', 'KeyType', 'KeyFormat', 'TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const { KeyName: name, KeyType: type = 'rsa' } = input;
      if (!name) throw missing('KeyName');
      if (input.KeyFormat === 'ppk') throw unsupported('the key format ppk');
      if (byName(call, name)) {
        throw new AwsError('InvalidKeyPair.Duplicate', `The keypair already exists: ${name}`);
      }
      const pair: KeyPair = {
        ...newResource(state, 'key', call.account, tagsFor(input.TagSpecifications, 'key-pair')),
        ...{ name, type, createTime: call.now },
        fingerprint: (call.world.random.hex(40).match(/../g) ?? []).join(':'),
      };
      state.keyPairs.set(pair.id, pair);
      return {
        KeyPairId: pair.id,
        KeyName: name,
        KeyFingerprint: pair.fingerprint,
        KeyMaterial: privateKey(type),
        Tags: [...pair.tags],
      };
    },
    authorize: (input, call) => onCreated(call, 'key-pair', input.TagSpecifications),
    trail: ({ KeyType = 'rsa', KeyFormat = 'pem', ...input }, output) => ({
      ...trailOfCreation(Object.assign({}, input, { KeyType, KeyFormat })),
      ...(output && {
        response: {
          keyName: output.KeyName,
          keyPairId: output.KeyPairId,
          keyFingerprint: output.KeyFingerprint,
          keyMaterial: '<sensitiveDataRemoved>',
        },
      }),
    }),
  },
);

/** A real private key, so that tools which read it do. No instance of the sandbox can be entered with it. */
function privateKey(type: KeyPair['type']): string {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
          type: 'pkcs1',
          format: 'pem',
        })
      : generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  return pair.toString();
}

const byName = (call: Call, name: string | undefined) =>
  [...ec2State.of(call).keyPairs.newest.values()].find((pair) => pair.name === name);

/** Lists key pairs, by name or id if asked. */
export const DescribeKeyPairs = ec2Operation<DescribeKeyPairsRequest, DescribeKeyPairsResult>(
  ['KeyNames', 'KeyPairIds', 'Filters'],
  {
    run(input, call) {
      const keep = filterBy<KeyPair>(
        input.Filters,
        {
          fingerprint: (pair) => [pair.fingerprint],
          'key-name': (pair) => [pair.name],
          'key-pair-id': (pair) => [pair.id],
        },
        (pair) => pair.tags,
      );
      const names = input.KeyNames ?? [];
      const lost = names.find((name) => !byName(call, name));
      if (lost !== undefined) throw new AwsError(KINDS.keyPair.notFound, KINDS.keyPair.says(lost));
      const found = chosen(ec2State.of(call).keyPairs.seen(), input.KeyPairIds, KINDS.keyPair).filter(
        (pair) => keep(pair) && (names.length === 0 || names.includes(pair.name)),
      );
      return {
        KeyPairs: found.map((pair) => ({
          ...{ KeyPairId: pair.id, KeyName: pair.name, KeyType: pair.type, CreateTime: pair.createTime },
          ...{ KeyFingerprint: pair.fingerprint, Tags: [...pair.tags] },
        })),
      };
    },
  },
);

/** Deletes a key pair; one that is not there is deleted already. */
export const DeleteKeyPair = ec2Operation<DeleteKeyPairRequest, DeleteKeyPairResult>(
  ['KeyName', 'KeyPairId'],
  {
    run(input, call) {
      const { keyPairs } = ec2State.of(call);
      if (!input.KeyName && !input.KeyPairId) throw missing('KeyName');
      const found = input.KeyPairId ? keyPairs.newest.get(input.KeyPairId) : byName(call, input.KeyName);
      if (found) keyPairs.delete(found.id);
      return { Return: true, ...(found && { KeyPairId: found.id }) };
    },
    authorize(input, call) {
      const found =
        byName(call, input.KeyName) ?? ec2State.of(call).keyPairs.newest.get(input.KeyPairId ?? '');
      return [onResource(call, 'key-pair', found?.name ?? input.KeyName, found)];
    },
  },
);
