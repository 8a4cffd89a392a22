import type * as ssm from '@aws-sdk/client-ssm';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, operation } from '../../core/service.ts';

interface Document {
  readonly content: string;
  readonly type: ssm.DocumentType;
  readonly at: Date;
}

const documents = drawer<Map<string, Document>>(() => new Map());

const onDocument = (input: { readonly Name?: string | undefined }, call: Call) => [
  {
    action: `ssm:${call.operation}`,
    resources: [`arn:${call.partition}:ssm:${call.region}:${call.account}:document/${input.Name}`],
  },
];

function refuseMore(more: object, call: Call): void {
  const [strange] = Object.entries(more).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (strange !== undefined) throw notImplemented(`${strange} of ssm:${call.operation}`);
}

/** Documents in JSON, of Session Manager's preferences above all; what stands in them is not checked. */
export const createDocument = operation<ssm.CreateDocumentRequest, ssm.CreateDocumentResult>({
  authorize: onDocument,
  run({ Name: name = '', Content: content = '', DocumentType, DocumentFormat = 'JSON', ...more }, call) {
    refuseMore(more, call);
    if (DocumentFormat !== 'JSON') throw notImplemented(`the format ${DocumentFormat} of ssm:CreateDocument`);
    if (!/^[\w.-]{3,128}$/.test(name)) {
      throw new AwsError('ValidationException', `Value '${name}' at 'name' failed to satisfy constraint`);
    }
    const known = documents.of(call);
    if (known.has(name)) {
      throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
    }
    const type = DocumentType ?? 'Command';
    known.set(name, { content, type, at: call.now });
    return {
      DocumentDescription: {
        ...{ Name: name, DocumentType: type, DocumentFormat, CreatedDate: call.now },
        ...{ DocumentVersion: '1', Owner: call.account, Status: 'Active' },
      },
    };
  },
});

export const getDocument = operation<ssm.GetDocumentRequest, ssm.GetDocumentResult>({
  authorize: onDocument,
  run({ Name = '', DocumentFormat = 'JSON', ...more }, call) {
    refuseMore(more, call);
    const known = documents.of(call).get(Name);
    if (!known) throw new AwsError('InvalidDocument', `Document with name ${Name} does not exist.`);
    if (DocumentFormat !== 'JSON') throw notImplemented(`the format ${DocumentFormat} of ssm:GetDocument`);
    return {
      ...{ Name, Content: known.content, DocumentType: known.type, DocumentFormat },
      ...{ DocumentVersion: '1', Status: 'Active', CreatedDate: known.at },
    };
  },
});
