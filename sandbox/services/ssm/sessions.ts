import type {
  DescribeSessionsRequest,
  DescribeSessionsResponse,
  Session,
  SessionFilter,
  StartSessionRequest,
  StartSessionResponse,
  TerminateSessionRequest,
  TerminateSessionResponse,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { ec2Arn, onResource } from '../ec2/demands.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { ec2State } from '../ec2/state.ts';
import { pageByKey } from '../pages.ts';
import { isManaged, type StoredSession, sessionsOf, validation } from './sessions-state.ts';

const SHELL = 'SSM-SessionManagerRunShell';
/** DescribeSessions tells of sessions that ended up to 30 days ago. */
const HISTORY_MS = 30 * 86_400_000;

/** Opens a session on a running instance that Systems Manager knows. */
export const startSession = operation<StartSessionRequest, StartSessionResponse>({
  run(input, call) {
    refuseUnknown(input, ['Target', 'DocumentName', 'Reason', 'Parameters'], '');
    const { Target: target = '', DocumentName: document = SHELL, Reason: reason } = input;
    const instance = ec2State.of(call).instances.newest.get(target);
    if (instance?.state !== 'running' || !isManaged(call, instance)) {
      throw new AwsError('TargetNotConnected', `${target} is not connected.`);
    }
    const { arn, userName, sessionName } = call.principal;
    const id = `${userName ?? sessionName ?? 'root'}-${call.world.random.hex(17)}`;
    const made: StoredSession = {
      ...{ id, target, document, owner: arn, start: call.now },
      ...(reason && { reason }),
    };
    sessionsOf.of(call).sessions.set(id, made);
    const StreamUrl = `wss://ssmmessages.${call.region}.amazonaws.com/v1/data-channel/${id}?role=publish_subscribe`;
    return { SessionId: id, TokenValue: call.world.random.hex(64), StreamUrl };
  },
  authorize(input, call) {
    const { Target: target = '*', DocumentName = SHELL } = input;
    const { context = {} } = onResource(
      call,
      'instance',
      target,
      ec2State.of(call).instances.newest.get(target),
    );
    const tags = Object.entries(context).flatMap(([key, values]) => {
      const [, name] = /^aws:ResourceTag\/(.*)$/.exec(key) ?? [];
      return name === undefined
        ? []
        : ([
            [key, values],
            [`ssm:resourceTag/${name}`, values],
          ] as const);
    });
    const action = 'ssm:StartSession';
    return [
      { action, resources: [ec2Arn(call, 'instance', target)], context: Object.fromEntries(tags) },
      {
        action,
        resources: [`arn:${call.partition}:ssm:${call.region}:${call.account}:document/${DocumentName}`],
      },
    ];
  },
  trail: ({ Target, DocumentName, Reason }, output) => ({
    request: {
      target: Target,
      ...(DocumentName && { documentName: DocumentName }),
      ...(Reason && { reason: Reason }),
    },
    ...(output && {
      response: {
        sessionId: output.SessionId,
        tokenValue: 'Value hidden due to security reasons.',
        streamUrl: output.StreamUrl,
      },
    }),
  }),
});

/** Ends a session for good. */
export const terminateSession = operation<TerminateSessionRequest, TerminateSessionResponse>({
  run({ SessionId = '' }, call) {
    const { sessions } = sessionsOf.of(call);
    const found = sessions.get(SessionId);
    if (!found) throw new AwsError('DoesNotExistException', `Session ${SessionId} does not exist`);
    sessions.set(SessionId, { ...found, end: found.end ?? call.now });
    return { SessionId };
  },
  authorize: ({ SessionId = '*' }, call) => [
    {
      action: 'ssm:TerminateSession',
      resources: [`arn:${call.partition}:ssm:${call.region}:${call.account}:session/${SessionId}`],
    },
  ],
});

/** Lists open sessions, or those that ended within 30 days, newest first. */
export const describeSessions = operation<DescribeSessionsRequest, DescribeSessionsResponse>({
  run(input, call) {
    refuseUnknown(input, ['State', 'Filters', 'MaxResults', 'NextToken'], '');
    const { State: state, MaxResults: size = 200 } = input;
    if (state !== 'Active' && state !== 'History') throw validation(`Invalid State ${state}`);
    if (size < 1 || size > 200) throw validation('MaxResults must be between 1 and 200');
    const oldest = call.now.getTime() - HISTORY_MS;
    const found = [...sessionsOf.of(call).sessions.values()]
      .map((session) => ended(call, session))
      .filter(({ end }) =>
        state === 'Active' ? end === undefined : end !== undefined && end.getTime() >= oldest,
      )
      .filter((session) => (input.Filters ?? []).every((filter) => passes(session, filter)))
      .sort((a, b) => b.start.getTime() - a.start.getTime());
    const page = pageByKey(found, ({ id }) => id, size, input.NextToken);
    if (!page) throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
    return { Sessions: page.items.map(show), NextToken: page.next };
  },
});

/** A session ends at the latest with the run of its instance. */
function ended(call: Call, session: StoredSession): StoredSession {
  const instance = ec2State.of(call).instances.newest.get(session.target);
  const runs = instance?.state === 'running' && instance.launchTime.getTime() <= session.start.getTime();
  return session.end || runs ? session : { ...session, end: lastMoment(session, instance?.transitionReason) };
}

/** The moment at which its instance was stopped, as EC2 tells it; the start where nothing is known any more. */
function lastMoment({ start }: StoredSession, transitionReason = ''): Date {
  const [, text] = /\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)/.exec(transitionReason) ?? [];
  const stopped = text ? new Date(`${text.replace(' ', 'T')}Z`) : start;
  return stopped.getTime() > start.getTime() ? stopped : start;
}

function passes(session: StoredSession, { key, value = '' }: SessionFilter): boolean {
  switch (key) {
    case 'InvokedAfter':
      return session.start.getTime() >= new Date(value).getTime();
    case 'InvokedBefore':
      return session.start.getTime() <= new Date(value).getTime();
    case 'Target':
      return session.target === value;
    case 'Owner':
      return session.owner === value;
    case 'Status':
      return (session.end ? 'Terminated' : 'Connected') === value;
    case 'SessionId':
      return session.id === value;
    default:
      throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
  }
}

function show(session: StoredSession): Session {
  return {
    ...{
      SessionId: session.id,
      Target: session.target,
      Owner: session.owner,
      DocumentName: session.document,
    },
    Status: session.end ? 'Terminated' : 'Connected',
    StartDate: session.start,
    ...(session.end && { EndDate: session.end }),
    ...(session.reason && { Reason: session.reason }),
  };
}
