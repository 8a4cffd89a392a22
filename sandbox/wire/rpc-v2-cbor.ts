import { CborCodec, cbor } from '@smithy/core/cbor';
import { AwsError } from '../core/errors.ts';
import type { WireResponse } from './message.ts';
import type { Protocol } from './protocol.ts';

const codec = new CborCodec();

/** Smithy RPC v2 with CBOR, which newer clients of CloudWatch and others speak. */
export const rpcV2Cbor: Protocol = {
  operationName: ({ path }) => /\/operation\/(\w+)$/.exec(path)?.[1],
  readInput: async ({ body }, _model, { input, inputSchema }) => {
    if (input.kind !== 'structure' || body.byteLength === 0) return {};
    try {
      return codec.createDeserializer().read(inputSchema, body);
    } catch (cause) {
      const refusal = new AwsError('SerializationException', 'The request body is not a CBOR document.');
      throw Object.assign(refusal, { cause });
    }
  },
  writeOutput: async (output, { requestId }, { output: shape, outputSchema }) => {
    if (shape.kind !== 'structure') return respond(200, cbor.serialize({}), requestId);
    const serializer = codec.createSerializer();
    serializer.write(outputSchema, output ?? {});
    return respond(200, serializer.flush(), requestId);
  },
  writeError: async (error, { model, requestId }) => {
    const modelled = model.error(error.code);
    const status = modelled?.status ?? error.status;
    const type = modelled ? `${model.namespace}#${modelled.name}` : error.code;
    const body = cbor.serialize({ __type: type, message: error.message, ...error.members });
    const fault = status < 500 ? 'Sender' : 'Receiver';
    const compatible = model.queryCompatible
      ? { 'x-amzn-query-error': `${modelled?.queryCode ?? error.code};${fault}` }
      : {};
    return respond(status, body, requestId, compatible);
  },
};

function respond(status: number, body: Uint8Array, requestId: string, more = {}): WireResponse {
  return {
    status,
    headers: {
      'smithy-protocol': 'rpc-v2-cbor',
      'content-type': 'application/cbor',
      'x-amzn-requestid': requestId,
      ...more,
    },
    body,
  };
}
