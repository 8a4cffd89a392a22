import { NormalizedSchema } from '@smithy/core/schema';
import type { Service } from '../core/service.ts';
import { memberOf, type Shape, type Structure, shapeOf, type Traits } from './shape.ts';

/** One operation as the SDK's schemas describe it. */
export interface OperationModel {
  readonly name: string;
  readonly traits: Traits;
  readonly input: Shape;
  readonly output: Shape;
  readonly inputSchema: NormalizedSchema;
  readonly outputSchema: NormalizedSchema;
}

export interface ErrorModel {
  /** The shape's name, `QueueDoesNotExist`. */
  readonly name: string;
  /** What query clients see, `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode: string;
  readonly status: number;
  readonly shape: Structure;
  readonly schema: NormalizedSchema;
}

/** A service's schemas and protocol settings, read off its SDK client: nothing here is written by hand. */
export interface ServiceModel {
  readonly service: Service;
  /** The client's own protocol, such as `aws.protocols#ec2Query`. Older clients may ask in another one. */
  readonly protocol: string;
  readonly namespace: string;
  readonly xmlNamespace: string;
  readonly version: string;
  readonly target: string;
  readonly queryCompatible: boolean;
  operation(name: string): OperationModel | undefined;
  operations(): readonly OperationModel[];
  /** A modelled error by its shape name or its query code. */
  error(code: string): ErrorModel | undefined;
}

interface ProtocolSettings {
  readonly defaultNamespace: string;
  readonly xmlNamespace?: string;
  readonly version?: string;
  readonly serviceTarget?: string;
  readonly awsQueryCompatible?: boolean;
}

interface ClientLike {
  readonly config: {
    readonly protocol: { getShapeId(): string };
    readonly protocolSettings: ProtocolSettings;
  };
  destroy(): void;
}

type ClientModule = Readonly<Record<string, unknown>>;

const models = new WeakMap<Service, Promise<ServiceModel>>();

/** The model of a service, loaded at its first use. */
export function modelOf(service: Service): Promise<ServiceModel> {
  const known = models.get(service);
  if (known) return known;
  const loading = service.load().then((module) => readModel(service, module));
  models.set(service, loading);
  return loading;
}

function readModel(service: Service, module: ClientModule): ServiceModel {
  const { protocol, protocolSettings: settings } = settingsOf(service, module);
  const known = new Map<string, OperationModel | undefined>();
  const operation = (name: string): OperationModel | undefined => {
    if (!known.has(name)) known.set(name, readOperation(module[`${name}$`]));
    return known.get(name);
  };
  let errors: Map<string, ErrorModel> | undefined;
  return {
    service,
    protocol: protocol.getShapeId(),
    namespace: settings.defaultNamespace,
    xmlNamespace: settings.xmlNamespace ?? '',
    version: settings.version ?? '',
    target: settings.serviceTarget ?? '',
    queryCompatible: settings.awsQueryCompatible === true,
    operation,
    operations: () =>
      Object.keys(module).flatMap((key) => (key.endsWith('$') ? (operation(key.slice(0, -1)) ?? []) : [])),
    error: (code) => {
      errors ??= readErrors(module);
      return errors.get(code);
    },
  };
}

function settingsOf(service: Service, module: ClientModule): ClientLike['config'] {
  const name = Object.keys(module).find((key) => key.endsWith('Client') && key !== '__Client');
  if (!name) throw new Error(`@aws-sdk/client-${service.name} exports no client.`);
  // The SDK's client classes have no common type; the two settings read here are pinned by the round-trip test.
  const Client = module[name] as new (config: object) => ClientLike;
  const client = new Client({ region: 'us-east-1', credentials: { accessKeyId: '-', secretAccessKey: '-' } });
  const { config } = client;
  client.destroy();
  return config;
}

/** `[9, namespace, name, traits, input, output]` */
function readOperation(schema: unknown): OperationModel | undefined {
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  const [, , name, traits, input, output] = schema;
  const inputSchema = NormalizedSchema.of(input);
  const outputSchema = NormalizedSchema.of(output);
  return {
    name,
    traits: typeof traits === 'object' ? traits : {},
    inputSchema,
    outputSchema,
    input: shapeOf(inputSchema),
    output: shapeOf(outputSchema),
  };
}

/** `[-3, namespace, name, traits, …]` */
function readErrors(module: ClientModule): Map<string, ErrorModel> {
  const errors = new Map<string, ErrorModel>();
  for (const schema of Object.values(module)) {
    if (!Array.isArray(schema) || schema[0] !== -3) continue;
    const normalized = NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);
    const { traits, shape } = memberOf(String(schema[2]), normalized);
    if (shape.kind !== 'structure') continue;
    const model: ErrorModel = {
      name: shape.name,
      queryCode: traits.awsQueryError?.[0] ?? shape.name,
      status: traits.httpError ?? (traits.error === 'server' ? 500 : 400),
      shape,
      schema: normalized,
    };
    errors.set(model.name, model);
    if (!errors.has(model.queryCode)) errors.set(model.queryCode, model);
  }
  return errors;
}
