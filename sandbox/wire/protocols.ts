import { awsJson } from './aws-json.ts';
import type { WireRequest } from './message.ts';
import type { ServiceModel } from './model.ts';
import type { Protocol } from './protocol.ts';
import { awsQuery, ec2Query } from './query.ts';

export type ProtocolName =
  | 'ec2Query'
  | 'awsQuery'
  | 'restXml'
  | 'restJson1'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'rpcV2Cbor';

/** How this request speaks: told by the request, since one service may be asked in three ways by three generations of clients. */
export function protocolOf({ headers, method, query }: WireRequest, model: ServiceModel): ProtocolName {
  const own = model.protocol.split('#')[1];
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'rpcV2Cbor';
  if (headers['x-amz-target']) return headers['content-type']?.includes('1.1') ? 'awsJson1_1' : 'awsJson1_0';
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const isQuery = own !== 'restXml' && own !== 'restJson1' && (form || (method === 'GET' && query['Action']));
  if (isQuery) return own === 'ec2Query' ? 'ec2Query' : 'awsQuery';
  return own === 'restXml' ? 'restXml' : own === 'restJson1' ? 'restJson1' : 'awsJson1_0';
}

const protocols: Readonly<Partial<Record<ProtocolName, Protocol>>> = {
  ec2Query,
  awsQuery,
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
};

export function protocol(name: ProtocolName): Protocol {
  const found = protocols[name];
  if (!found) throw new Error(`no ${name} yet`);
  return found;
}
