import { JsonCodec2 } from '@smithy/core/protocols';
import { AwsError } from '../core/errors.ts';
import { text, type WireResponse } from './message.ts';
import type { Answer, Protocol } from './protocol.ts';

const EPOCH_SECONDS = 7;
const codec = new JsonCodec2({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: false,
});
const reader = codec.createDeserializer();

/** AWS JSON 1.0 or 1.1: the operation in `X-Amz-Target`, one JSON document each way. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const respond = (status: number, body: Uint8Array, requestId: string, more = {}): WireResponse => ({
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...more },
    body,
  });
  return {
    operationName: (request) => request.headers['x-amz-target']?.split('.').at(-1),
    readInput: async (request, _model, operation) =>
      operation.input.kind === 'structure'
        ? reader.read(operation.inputSchema, checkedJson(request.body))
        : {},
    writeOutput: async (output, { requestId }, operation) => {
      if (operation.output.kind !== 'structure') return respond(200, Buffer.from('{}'), requestId);
      return respond(200, writeJson(operation.outputSchema, output ?? {}), requestId);
    },
    writeError: async (error, answer) => {
      const { model, requestId } = answer;
      const modelled = model.error(error.code);
      const status = modelled?.status ?? error.status;
      const compatible = model.queryCompatible
        ? {
            'x-amzn-query-error': `${modelled?.queryCode ?? error.code};${status < 500 ? 'Sender' : 'Receiver'}`,
          }
        : {};
      return respond(status, errorDocument(error, answer), requestId, compatible);
    },
  };
}

function errorDocument(error: AwsError, { model }: Answer): Uint8Array {
  const modelled = model.error(error.code);
  if (!modelled) return Buffer.from(JSON.stringify({ __type: error.code, message: error.message }));
  const named = modelled.shape.members.find(({ name }) => /^message$/i.test(name))?.name ?? 'message';
  const members = JSON.parse(text(writeJson(modelled.schema, { ...error.members, [named]: error.message })));
  // AWS writes the message under one name or the other whether or not the shape has it.
  const document = { __type: `${model.namespace}#${modelled.name}`, [named]: error.message, ...members };
  return Buffer.from(JSON.stringify(document));
}

/** Checks that a body is a JSON object before a codec sees it. */
export function checkedJson(body: Uint8Array): string {
  const written = text(body) || '{}';
  try {
    const parsed: unknown = JSON.parse(written);
    if (typeof parsed === 'object' && parsed !== null) return written;
  } catch {
    // Said below, like every body that is no object.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}

type Codec = { createSerializer(): { write(schema: never, value: unknown): void; flush(): Uint8Array } };

/** JSON bytes of `value` by schema. The codec answers a subclass of Uint8Array whose methods are not those of bytes. */
export function writeJson(schema: object, value: unknown, from: Codec = codec): Uint8Array {
  const serializer = from.createSerializer();
  serializer.write(schema as never, value);
  const written = serializer.flush();
  return Buffer.from(written.buffer, written.byteOffset, written.byteLength);
}
