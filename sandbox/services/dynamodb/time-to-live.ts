import type * as ddb from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import type { Json } from './engine.ts';
import { dynamo, onTable, settingsOf, tableName } from './state.ts';

/** AWS promises "within a few days"; the sandbox sweeps hourly, and reads show expired items until then, as AWS's do. */
const SWEEP_MS = 3_600_000;

export const updateTimeToLive = operation<ddb.UpdateTimeToLiveInput, object>({
  authorize: onTable,
  run({ TableName, TimeToLiveSpecification }, call) {
    const settings = settingsOf(call, TableName);
    const { Enabled, AttributeName } = TimeToLiveSpecification ?? {};
    if (!AttributeName) throw new AwsError('ValidationException', 'AttributeName must not be null');
    if (Enabled === (settings.ttl !== undefined)) {
      throw new AwsError('ValidationException', `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    }
    settings.stopSweeping?.();
    if (Enabled) {
      settings.ttl = AttributeName;
      sweepLater(call, tableName(TableName));
    } else {
      delete settings.ttl;
    }
    return { TimeToLiveSpecification };
  },
});

export const describeTimeToLive = operation<ddb.DescribeTimeToLiveInput, object>({
  authorize: onTable,
  run({ TableName }, call) {
    const { ttl } = settingsOf(call, TableName);
    return {
      TimeToLiveDescription: ttl
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttl }
        : { TimeToLiveStatus: 'DISABLED' },
    };
  },
});

function sweepLater(call: Call, name: string): void {
  const { clock } = call.world;
  settingsOf(call, name).stopSweeping = clock.at(clock.now() + SWEEP_MS, async () => {
    await sweep(call, name);
    sweepLater(call, name);
  });
}

/** Deletes what has expired; items whose attribute is no number, or older than five years, stay (Developer Guide, "TTL"). */
async function sweep(call: Call, TableName: string): Promise<void> {
  const { engine, exclusive } = dynamo.of(call);
  const { keys, ttl = '' } = settingsOf(call, TableName);
  const now = Math.floor(call.world.clock.now() / 1000);
  const past = { ':now': { N: String(now) }, ':old': { N: String(now - 5 * 365 * 86_400) } };
  await exclusive(async () => {
    let ExclusiveStartKey: unknown;
    do {
      const page = await engine.run('Scan', {
        TableName,
        FilterExpression: '#ttl < :now AND #ttl > :old',
        ExpressionAttributeNames: { '#ttl': ttl },
        ExpressionAttributeValues: past,
        ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
      });
      for (const item of itemsOf(page)) {
        const Key = Object.fromEntries(keys.map((key) => [key, item[key]]));
        await engine.run('DeleteItem', { TableName, Key });
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  });
}

const itemsOf = ({ Items }: Json): readonly Json[] => (Array.isArray(Items) ? Items : []);
