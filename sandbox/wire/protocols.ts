import { awsJson } from './aws-json.ts';
import type { WireRequest } from './message.ts';
import type { ServiceModel } from './model.ts';
import type { Protocol } from './protocol.ts';
import { awsQuery, ec2Query } from './query.ts';
import { restJson1, restXml } from './rest.ts';
import { withS3 } from './rest-s3.ts';
import { rpcV2Cbor } from './rpc-v2-cbor.ts';

export type ProtocolName =
  | 'ec2Query'
  | 'awsQuery'
  | 'restXml'
  | 'restJson1'
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'rpcV2Cbor';

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  ec2Query,
  awsQuery,
  restXml: withS3(restXml),
  restJson1,
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
  rpcV2Cbor,
};

/**
 * How this request speaks. The request tells, since one service may be asked in three ways by three generations of
 * clients; only between query and EC2's query, and between REST with XML and with JSON, the service decides.
 */
export function protocolOf({ headers, method, query }: WireRequest, model: ServiceModel): ProtocolName {
  const own = model.protocol.split('#')[1];
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'rpcV2Cbor';
  if (headers['x-amz-target']) return headers['content-type']?.includes('1.1') ? 'awsJson1_1' : 'awsJson1_0';
  if (own === 'restXml' || own === 'restJson1') return own;
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (form || (method === 'GET' && query.Action)) return own === 'ec2Query' ? 'ec2Query' : 'awsQuery';
  return 'awsJson1_0';
}
