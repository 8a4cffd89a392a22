import { notImplemented } from '../../core/refusals.ts';
import { type Call, type Demand, type Operation, operation, type TrailDetail } from '../../core/service.ts';
import { resourcePolicyOf } from '../../iam/resource-policies.ts';
import { refuse } from './refuse.ts';
import { type Bucket, bucketNamed } from './state.ts';
import { spend } from './throttle.ts';

interface OnBucket {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
  readonly RequestPayer?: string | undefined;
}

export interface S3Spec<I, O> {
  /** `s3:GetBucketVersioning`; a function where the input decides. */
  readonly action: string | ((input: I) => string);
  /** Condition keys of this request. */
  context?(input: I): Readonly<Record<string, readonly string[]>>;
  /** Members that the operation understands, beside those of every request. Others are refused by name. */
  readonly supports?: readonly (keyof I & string)[];
  run(input: I, bucket: Bucket, call: Call): O | Promise<O>;
  /** CloudTrail's request parameters beside `bucketName` and `Host`. */
  trail?(input: I): Readonly<Record<string, unknown>>;
  readonly writes?: boolean;
  /** CloudTrail's name where it is not the operation's own. */
  readonly eventName?: string;
}

/** Read by the wire layer or by every operation alike. */
const EVERYWHERE = ['Bucket', 'ExpectedBucketOwner', 'ContentMD5', 'ChecksumAlgorithm', 'RequestPayer'];

/** An operation on a bucket and its settings: CloudTrail logs those that change something. */
export function onBucket<I extends OnBucket, O>(spec: S3Spec<I, O>): Operation {
  return operation<I, O>({
    authorize: (input, call) => [demand(spec, input, bucketArn(input, call))],
    run: run(spec),
    ...(spec.writes !== undefined && { writes: spec.writes }),
    ...(spec.eventName !== undefined && { eventName: spec.eventName }),
    trail: (input, _output, call) => bucketTrail(spec.trail?.(input) ?? {}, input, call),
  });
}

/** An operation on an object: a data event, which CloudTrail logs only where a trail asks for it. */
export function onObject<I extends OnBucket, O>(spec: S3Spec<I, O>): Operation {
  return operation<I, O>({
    authorize: (input, call) => [demand(spec, input, `${bucketArn(input, call)}/${input.Key}`)],
    run: run({ ...spec, supports: ['Key', ...(spec.supports ?? [])] }),
    dataPlane: true,
  });
}

/** An operation on the keys of a bucket: a listing, or DeleteObjects, which asks for its rights key by key. */
export function onKeys<I extends OnBucket, O>(
  spec: Omit<S3Spec<I, O>, 'action'> & { readonly action?: string },
): Operation {
  const { action } = spec;
  return operation<I, O>({
    authorize: (input, call) =>
      action === undefined ? [] : [demand({ ...spec, action }, input, bucketArn(input, call))],
    run: run(spec),
    dataPlane: true,
  });
}

/** Whatever an operation does: its input is understood, its bucket is found, its limits hold; then it runs. */
function run<I extends OnBucket, O>(spec: Pick<S3Spec<I, O>, 'supports' | 'run'>) {
  return (input: I, call: Call): O | Promise<O> => {
    refuseUnsupported(input, spec.supports ?? [], call);
    const bucket = reached(input, call);
    spend(call, bucket, input.Key);
    return spec.run(input, bucket, call);
  };
}

const bucketArn = ({ Bucket }: OnBucket, { partition }: Call) => `arn:${partition}:s3:::${Bucket}`;

function demand<I>(spec: Pick<S3Spec<I, unknown>, 'action' | 'context'>, input: I, resource: string): Demand {
  const action = typeof spec.action === 'string' ? spec.action : spec.action(input);
  const context = spec.context?.(input);
  return { action, resources: [resource], ...(context && { context }) };
}

/** What the simulation would not act on must not look as if it did. */
export function refuseUnsupported(input: object, supported: readonly string[], call: Call): void {
  const known = [...EVERYWHERE, ...supported];
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || known.includes(name) || name.startsWith('Checksum')) continue;
    throw notImplemented(`${name} of s3:${call.operation}`);
  }
}

/** The bucket, if it exists, is asked in its own region and, where the caller cares, belongs to whom he expects. */
function reached({ Bucket, ExpectedBucketOwner, RequestPayer }: OnBucket, call: Call): Bucket {
  const bucket = bucketNamed(call.world, call.partition, Bucket);
  checkRegion(bucket, call);
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.owner) throw refuse.accessDenied();
  const stranger = call.principal.account !== bucket.owner;
  if (stranger && !resourcePolicyOf(call.world, bucket.arn)) throw refuse.accessDenied();
  const pays = bucket.configurations.requestPayment?.Payer === 'Requester';
  if (stranger && pays && RequestPayer !== 'requester') throw refuse.accessDenied();
  return bucket;
}

function checkRegion(bucket: Bucket, call: Call): void {
  if (call.region === bucket.region) return;
  // The global endpoint answers where a bucket is, whoever asks from anywhere.
  if (call.region === 'us-east-1' && call.operation === 'GetBucketLocation') return;
  if (call.region === 'us-east-1') throw refuse.wrongSigningRegion(call.region, bucket.region);
  throw refuse.permanentRedirect(bucket.name, bucket.region, `${bucket.name}.${hostOf(bucket)}`);
}

function bucketTrail(more: Readonly<Record<string, unknown>>, input: OnBucket, call: Call): TrailDetail {
  const Host = hostOf({ region: call.region, partition: call.partition });
  return { request: { bucketName: input.Bucket, Host, ...more }, response: null };
}

/** The regional endpoint, as CloudTrail and redirects name it. */
export function hostOf({ region, partition }: Pick<Bucket, 'region' | 'partition'>): string {
  return `s3.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}
