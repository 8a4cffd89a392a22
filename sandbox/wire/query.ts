import type { AwsError } from '../core/errors.ts';
import { bytes, queryValue, text, type WireRequest, type WireResponse } from './message.ts';
import type { Protocol } from './protocol.ts';
import { readQuery } from './query-reader.ts';
import { escapeXml, xmlMembers } from './xml-writer.ts';

/** EC2's form parameters in, XML without a result wrapper out. */
export const ec2Query: Protocol = {
  operationName: actionOf,
  readInput: async (request, _model, operation) => readQuery(operation.input, formOf(request), 'ec2'),
  writeOutput: async (output, { model, requestId }, { name, output: shape }) => {
    const content = shape.kind === 'structure' ? xmlMembers(shape, output ?? {}) : '<return>true</return>';
    return xmlResponse(
      200,
      `<${name}Response xmlns="${model.xmlNamespace}/"><requestId>${requestId}</requestId>${content}</${name}Response>`,
      requestId,
    );
  },
  writeError: async (error, { requestId }) =>
    xmlResponse(
      error.status,
      `<Response><Errors><Error>${codeAndMessage(error)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      requestId,
    ),
};

/** The query protocol of SNS, STS, IAM and others: form parameters in, `<OpResult>` and metadata out. */
export const awsQuery: Protocol = {
  operationName: actionOf,
  readInput: async (request, _model, operation) => readQuery(operation.input, formOf(request), 'query'),
  writeOutput: async (output, { model, requestId }, { name, output: shape }) => {
    const content = shape.kind === 'structure' ? xmlMembers(shape, output ?? {}) : '';
    const result = shape.kind === 'structure' ? `<${name}Result>${content}</${name}Result>` : '';
    return xmlResponse(
      200,
      `<${name}Response xmlns="${model.xmlNamespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
      requestId,
    );
  },
  writeError: async (error, { model, requestId }) => {
    const modelled = model.error(error.code);
    const status = modelled?.status ?? error.status;
    const type = status < 500 ? 'Sender' : 'Receiver';
    const members = modelled
      ? xmlMembers(modelled.shape, { ...error.members, ...withoutMessage(modelled.shape) })
      : '';
    return xmlResponse(
      status,
      `<ErrorResponse xmlns="${model.xmlNamespace}"><Error><Type>${type}</Type>${codeAndMessage(error, modelled?.queryCode)}${members}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      requestId,
    );
  },
};

function withoutMessage(shape: { readonly members: readonly { readonly name: string }[] }) {
  return Object.fromEntries(
    shape.members.filter(({ name }) => /^message$/i.test(name)).map(({ name }) => [name, undefined]),
  );
}

function codeAndMessage(error: AwsError, code = error.code): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>`;
}

export function xmlResponse(status: number, document: string, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: bytes(`<?xml version="1.0" encoding="UTF-8"?>\n${document}`),
  };
}

function actionOf(request: WireRequest): string | undefined {
  return queryValue(request, 'Action') ?? formOf(request).get('Action') ?? undefined;
}

const forms = new WeakMap<WireRequest, URLSearchParams>();

/** The request's parameters, from the body or, for GET, from the query string. */
export function formOf(request: WireRequest): URLSearchParams {
  const known = forms.get(request);
  if (known) return known;
  const form = new URLSearchParams(text(request.body));
  for (const [key, value] of Object.entries(request.query)) {
    if (typeof value === 'string') form.append(key, value);
  }
  forms.set(request, form);
  return form;
}
