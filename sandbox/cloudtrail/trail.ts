import type { AwsError } from '../core/errors.ts';
import type { Call, Operation } from '../core/service.ts';
import { keepRecord } from '../services/cloudtrail/history.ts';
import type { OperationModel, ServiceModel } from '../wire/model.ts';
import { userIdentity, wholeSeconds } from './identity.ts';
import { requestParameters, responseElements, type Style } from './render.ts';

/** A call that is over, as CloudTrail sees it. */
export interface Finished {
  readonly call: Call;
  readonly operation: Operation;
  readonly described: OperationModel;
  readonly model: ServiceModel;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: AwsError;
}

const READS = /^(Describe|Get|List|Head|Query|Scan|BatchGet|Receive)/;

/** Does this call change something that CloudTrail logs as a management event? */
function isLogged(operation: Operation, name: string): boolean {
  return !operation.dataPlane && (operation.writes ?? !READS.test(name));
}

/** Puts a change, or the failed attempt at one, into the event history and on the account's default bus, as a trail that logs management events would. */
export function trail(finished: Finished): void {
  const { call, operation, model } = finished;
  if (!isLogged(operation, call.operation)) return;
  const { world, account, region } = call;
  // As it travels: without undefined members, and with every Date as text.
  const detail = JSON.parse(JSON.stringify(recordOf(finished)));
  keepRecord(call, detail);
  world.emit({
    version: '0',
    id: world.random.uuid(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${model.service.eventSource.replace(/\.amazonaws\.com$/, '')}`,
    account,
    time: wholeSeconds(call.now.getTime()),
    region,
    resources: [],
    detail,
  });
}

/** One CloudTrail record (User Guide, "CloudTrail record contents"). */
function recordOf(finished: Finished): Record<string, unknown> {
  const { call, operation, described, model, input, output, error } = finished;
  const style: Style = model.protocol === 'aws.protocols#ec2Query' ? 'ec2' : 'plain';
  const own = operation.trail?.(input, error ? undefined : output, call) ?? {};
  const request = 'request' in own ? own.request : requestParameters(described.input, input, style);
  const response =
    'response' in own ? own.response : responseElements(described.output, output, style, call.requestId);
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(call),
    eventTime: wholeSeconds(call.now.getTime()),
    eventSource: model.service.eventSource,
    eventName: operation.eventName ?? call.operation,
    awsRegion: call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    ...(error ? { errorCode: errorCode(error, style), errorMessage: error.message } : {}),
    requestParameters: request,
    responseElements: error ? null : response,
    requestID: call.requestId,
    eventID: call.world.random.uuid(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.account,
    eventCategory: 'Management',
  };
}

/** EC2 tells whose fault it was; a caller who asks too often is at fault himself, whatever the HTTP status says. */
function errorCode({ code, status }: AwsError, style: Style): string {
  if (style === 'plain') return code;
  return status < 500 || code === 'RequestLimitExceeded' ? `Client.${code}` : `Server.${code}`;
}
