import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import { JsonCodec2 } from '@smithy/core/protocols';
import type { AwsError } from '../core/errors.ts';
import { checkedJson, writeJson } from './aws-json.ts';
import type { Documents } from './http-bindings.ts';
import { readBindings } from './http-input.ts';
import { writeBindings } from './http-output.ts';
import { bytes, type WireRequest } from './message.ts';
import type { ErrorModel } from './model.ts';
import type { Answer, Protocol } from './protocol.ts';
import { matchRoute } from './routes.ts';
import { malformedXml } from './xml-reader.ts';
import { escapeXml, xmlElement, xmlMembers } from './xml-writer.ts';

const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

const json = new JsonCodec2({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName: true });
const jsonDocuments: Documents = {
  contentType: 'application/json',
  read: async ({ schema }, body) => json.createDeserializer().read(schema, checkedJson(body)),
  write: ({ schema }, value) => writeJson(schema, value, json),
};

const xmlReader = new XmlShapeDeserializer({
  timestampFormat: { useTrait: true, default: DATE_TIME },
  xmlNamespace: '',
  serviceNamespace: '',
  httpBindings: true,
});
export const xmlDocuments: Documents = {
  contentType: 'application/xml',
  read: async ({ schema }, body) => {
    try {
      return await xmlReader.read(schema, body);
    } catch (cause) {
      throw malformedXml(cause);
    }
  },
  write: ({ shape }, value, tag) => {
    if (shape.kind !== 'structure') throw new TypeError(`${tag} has to be a structure to become a document.`);
    return bytes(`<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(tag, shape, value)}`);
  },
};

/** REST with JSON bodies (Lambda, EventBridge Scheduler): method and path name the operation. */
export const restJson1: Protocol = rest(jsonDocuments, (error, { model, requestId }) => {
  const modelled = model.error(error.code);
  const name = modelled?.name ?? error.code;
  const { headers, members } = boundError(error, modelled, 'message');
  const body = bytes(JSON.stringify({ ...members, message: error.message }));
  return {
    status: modelled?.status ?? error.status,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'x-amzn-errortype': name,
      'x-amzn-requestid': requestId,
    },
    body,
  };
});

/** REST with XML bodies (CloudFront, Route 53); S3 has a manner of its own. */
export const restXml: Protocol = rest(xmlDocuments, (error, { model, requestId }) => {
  const modelled = model.error(error.code);
  const { headers, members } = boundError(error, modelled, 'Message');
  const further = modelled
    ? xmlMembers(modelled.shape, { ...members, message: undefined, Message: undefined })
    : '';
  const content =
    `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
    `${further}<RequestId>${requestId}</RequestId>`;
  const document = `<ErrorResponse><Error>${content}</Error></ErrorResponse>`;
  return {
    status: modelled?.status ?? error.status,
    headers: { ...headers, 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: bytes(`<?xml version="1.0" encoding="UTF-8"?>\n${document}`),
  };
});

type ErrorWriter = (error: AwsError, answer: Answer) => Awaited<ReturnType<Protocol['writeError']>>;

/** A REST protocol from how it writes documents and errors. */
export function rest(documents: Documents, errorDocument: ErrorWriter): Protocol {
  return {
    operationName: (request, model) => matchRoute(request, model)?.operation.name,
    readInput: async (request: WireRequest, model, { inputSchema: schema, input: shape }) =>
      readBindings({ schema, shape }, request, matchRoute(request, model)?.labels ?? {}, documents),
    writeOutput: async (output, { requestId }, { outputSchema: schema, output: shape, name, traits }) => {
      const tag = shape.kind === 'structure' ? (shape.traits.xmlName ?? shape.name) : name;
      const written = writeBindings({ schema, shape }, output, tag, documents);
      return {
        status: written.status ?? traits.http?.[2] ?? 200,
        headers: { ...written.headers, 'x-amzn-requestid': requestId },
        body: written.body,
      };
    },
    writeError: async (error, answer) => errorDocument(error, answer),
  };
}

/** The members of a modelled error, those that travel as headers apart. */
function boundError({ members }: AwsError, modelled: ErrorModel | undefined, message: string) {
  const headers: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  for (const { name, traits } of modelled?.shape.members ?? []) {
    const value = members[name];
    if (value === undefined || name === message) continue;
    if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = String(value);
    else rest[name] = value;
  }
  return { headers, members: rest };
}
