import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../../sandbox/core/service.ts';
import { services } from '../../../sandbox/services/registry.ts';
import { inProcess } from '../../../sandbox/wire/in-process.ts';
import { modelOf, type OperationModel, type ServiceModel } from '../../../sandbox/wire/model.ts';
import { type ProtocolName, protocolOf, protocols } from '../../../sandbox/wire/protocols.ts';
import { comparable, sampleOf } from './sample.ts';

interface Client {
  send(command: unknown): Promise<unknown>;
}
type Constructor<T> = new (config: object) => T;

/** Members that a sample has to leave out. */
const UNFIT: Readonly<Record<string, readonly string[]>> = {
  // Digests of the body and lengths cannot fit samples; S3's own tests cover them.
  s3: [
    ...['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'].map((name) => `Checksum${name}`),
    ...['XXHASH3', 'XXHASH64', 'XXHASH128', 'Algorithm', 'Mode'].map((name) => `Checksum${name}`),
    // The client makes it of Expires.
    'ExpiresString',
    ...['ContentMD5', 'ContentLength', 'SSECustomerKey', 'CopySourceSSECustomerKey'],
  ],
  // The client makes a host name of it.
  'eventbridge:PutEvents': ['EndpointId'],
  // Has the same wire name as the older AttributeNames.
  'sqs:ReceiveMessage': ['MessageSystemAttributeNames'],
};
const REQUEST_ID = '7d213b2e-2391-4675-a3f5-278cdcb27d38';

/** Sends a full sample of every operation in use through the SDK's client and answers it with a full sample. */
async function roundTrip(service: Service, settings: (model: ServiceModel) => object = () => ({})) {
  const model = await modelOf(service);
  const module = await service.load();
  const received: Record<string, unknown> = {};
  const spoken = new Set<ProtocolName>();
  const requestHandler = inProcess(async (request) => {
    const name = protocolOf(request, model);
    spoken.add(name);
    const operation = described(model, protocols[name].operationName(request, model) ?? '(none)');
    received[operation.name] = fitting(
      service,
      operation,
      await protocols[name].readInput(request, model, operation),
    );
    return protocols[name].writeOutput(
      sampleOf(operation.output),
      { model, requestId: REQUEST_ID },
      operation,
    );
  });
  const client = clientOf(module, { requestHandler, ...settings(model) });
  const sent: Record<string, unknown> = {};
  const answered: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const name of Object.keys(service.operations)) {
    const operation = described(model, name);
    sent[name] = inputOf(service, operation);
    expected[name] = fitting(service, operation, sampleOf(operation.output) ?? {});
    // Each SDK client has a command class of the operation's name.
    const Command = module[`${name}Command`] as Constructor<object>;
    const answer = await client.send(new Command({ ...Object(sent[name]) }));
    answered[name] = fitting(service, operation, await readToEnd(answer));
  }
  return { sent, received, expected, answered, spoken: [...spoken] };
}

/** S3 hands an object's content over as a stream. */
async function readToEnd(output: unknown): Promise<unknown> {
  const { Body } = Object(output);
  const isStream = typeof Body?.transformToByteArray === 'function';
  return isStream ? { ...Object(output), Body: await Body.transformToByteArray() } : output;
}

function inputOf(service: Service, operation: OperationModel): object {
  return fitting(service, operation, sampleOf(operation.input) ?? {});
}

/** Without what cannot be compared, which the client may add by itself. */
function fitting(service: Service, { name }: OperationModel, input: unknown): object {
  const unfit = [...(UNFIT[service.name] ?? []), ...(UNFIT[`${service.name}:${name}`] ?? [])];
  return Object.fromEntries(Object.entries(Object(input)).filter(([member]) => !unfit.includes(member)));
}

function described(model: ServiceModel, name: string): OperationModel {
  const operation = model.operation(name);
  if (!operation) throw new Error(`${model.service.name} has no operation ${name}`);
  return operation;
}

function clientOf(module: Record<string, unknown>, config: object): Client {
  const name = Object.keys(module).find((key) => key.endsWith('Client') && key !== '__Client') ?? '';
  const SdkClient = module[name] as Constructor<Client>;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  return new SdkClient({
    region: 'eu-west-1',
    // S3 Control puts the account in front of it, which no IP address takes.
    endpoint: 'http://localhost',
    credentials,
    // Checksums of message bodies cannot fit samples; the SQS tests cover them.
    ...(name === 'SQSClient' && { md5: false }),
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...config,
  });
}

describe('every operation in use keeps its input and output over the wire', () => {
  it.each(services.map((service) => [service.name, service] as const))('%s', async (_name, service) => {
    const { sent, received, expected, answered } = await roundTrip(service);

    expect(comparable(received)).toEqual(comparable(sent));
    expect(comparable(answered)).toEqual(comparable(expected));
  });
});

const older = (model: ServiceModel) => ({
  protocol: new AwsQueryProtocol({
    defaultNamespace: model.namespace,
    xmlNamespace: model.xmlNamespace,
    version: model.version,
  }),
});
const newer = (model: ServiceModel) => ({
  protocol: new AwsSmithyRpcV2CborProtocol({ defaultNamespace: model.namespace }),
});

describe('services that changed their protocol understand other generations of clients', () => {
  const changed = ['sqs', 'cloudwatch'].flatMap((name) => [
    { name, generation: 'awsQuery', settings: older },
    { name, generation: 'rpcV2Cbor', settings: newer },
  ]);

  it.each(changed)('$name in $generation', async ({ name, generation, settings }) => {
    const service = services.find((each) => each.name === name);
    if (!service) throw new Error(`The registry lacks ${name}.`);
    const { sent, received, expected, answered, spoken } = await roundTrip(service, settings);

    expect(spoken).toEqual([generation]);
    expect(comparable(received)).toEqual(comparable(sent));
    expect(comparable(answered)).toEqual(comparable(expected));
  });
});
