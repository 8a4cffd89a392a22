import type { AwsError } from '../core/errors.ts';
import type { Documents } from './http-bindings.ts';
import { bytes, type WireRequest, type WireResponse } from './message.ts';
import type { ServiceModel } from './model.ts';
import type { Answer, Protocol } from './protocol.ts';
import { rest, xmlDocuments } from './rest.ts';
import { openS3, pathStyle } from './s3-request.ts';
import { malformedXml, readXml } from './xml-reader.ts';
import { escapeXml } from './xml-writer.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** S3 validates what it is sent and knows every element of it. */
const strictDocuments: Documents = {
  ...xmlDocuments,
  read: async ({ shape }, body) => {
    if (shape.kind !== 'structure') throw malformedXml();
    return readXml(shape, body);
  },
};

const bare = rest(strictDocuments, errorDocument);

const restS3: Protocol = {
  operationName: (request, model) => bare.operationName(pathStyle(request), model),
  readInput: (request, model, operation) =>
    bare.readInput(openS3(pathStyle(request), operation), model, operation),
  async writeOutput(output, answer, operation) {
    const written = await bare.writeOutput(output, answer, operation);
    const body = operation.name === 'GetBucketLocation' ? location(output) : written.body;
    return withIds({ ...written, body }, answer);
  },
  writeError: async (error, answer) => withIds(await bare.writeError(error, answer), answer),
};

/** REST with XML as it is, except for S3: addresses, bodies and errors of S3 are its own. */
export function withS3(plain: Protocol): Protocol {
  const manner = (model: ServiceModel) => (model.service.name === 's3' ? restS3 : plain);
  return {
    operationName: (request: WireRequest, model) => manner(model).operationName(request, model),
    readInput: (request, model, operation) => manner(model).readInput(request, model, operation),
    writeOutput: (output, answer, operation) => manner(answer.model).writeOutput(output, answer, operation),
    writeError: (error, answer) => manner(answer.model).writeError(error, answer),
  };
}

/** The one document without a wrapper: its root is the value itself. */
function location(output: unknown): Uint8Array {
  const held = typeof output === 'object' && output !== null ? Reflect.get(output, 'LocationConstraint') : '';
  const text = typeof held === 'string' ? escapeXml(held) : '';
  return bytes(
    `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${NAMESPACE}">${text}</LocationConstraint>`,
  );
}

/** No wrapper around the error; members that are headers travel as such, the others as elements. */
function errorDocument(error: AwsError, { model, requestId }: Answer) {
  const headers: Record<string, string> = {};
  let further = '';
  for (const [name, value] of Object.entries(error.members)) {
    if (name.startsWith('x-amz-')) headers[name] = String(value);
    else further += `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  const content =
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
    `${further}<RequestId>${requestId}</RequestId><HostId>${hostId(requestId)}</HostId>`;
  return {
    status: model.error(error.code)?.status ?? error.status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: bytes(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`),
  };
}

function withIds({ status, headers, body }: WireResponse, { requestId }: Answer): WireResponse {
  const { 'x-amzn-requestid': _, ...own } = headers;
  return {
    status,
    headers: { ...own, 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) },
    body,
  };
}

function hostId(requestId: string): string {
  return Buffer.from(requestId).toString('base64');
}
