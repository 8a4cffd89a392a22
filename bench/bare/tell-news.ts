import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const dynamodb = new DynamoDBClient({});
const TableName = process.env.BARE_TABLE;
const pk = { S: 'told' };

/**
 * Publishes what was not told before, and notes it: without that, an hourly sweep says the same 24 times a day. One item
 * for all, read before and written after, is the least that loses nothing; two runs at once tell twice.
 */
export async function tellNews(found: readonly string[]): Promise<void> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { pk } }));
  const told = new Set(Item?.told?.SS);
  const news = found.filter((id) => !told.has(id));
  if (news.length === 0) return;
  const Message = news.slice(0, 100).join('\n');
  await new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.BARE_TOPIC, Message }));
  await dynamodb.send(new PutItemCommand({ TableName, Item: { pk, told: { SS: [...found] } } }));
}
