"""Drives the sandbox with boto3, as a user would. One line a check: `ok NAME` or `not ok NAME: why`.

`boto3_client.py basics` before Reeve is deployed, `boto3_client.py reeve` after.
"""

import json
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"max_attempts": 1, "mode": "standard"})
EVERYWHERE = "0.0.0.0/0"


def client(service):
    return boto3.client(service, endpoint_url=os.environ["ENDPOINT"], config=ONCE)


def tcp(port, cidr=EVERYWHERE):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}


def check(name, expected, actual):
    if expected == actual:
        print(f"ok boto3: {name}")
    else:
        print(f"not ok boto3: {name}: expected {expected!r}, got {actual!r}")


def refused(name, code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        check(name, code, error.response["Error"]["Code"])
    else:
        print(f"not ok boto3: {name}: not refused")


def ports(ec2, group):
    found = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    return sorted(permission["FromPort"] for permission in found)


def security_groups(ec2):
    group = ec2.create_security_group(GroupName="boto3", Description="by boto3")["GroupId"]
    # The source documents' own call.
    opened = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tcp(80), tcp(22)])
    check("80 and 22 are opened in one call", True, opened["Return"])
    check("each rule has an id", 2, len({rule["SecurityGroupRuleId"] for rule in opened["SecurityGroupRules"]}))
    check("describe tells them", [22, 80], ports(ec2, group))
    refused(
        "a rule that is there is a duplicate",
        "InvalidPermission.Duplicate",
        ec2.authorize_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22)],
    )
    refused(
        "a dry run says so",
        "DryRunOperation",
        ec2.revoke_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22)],
        DryRun=True,
    )
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[tcp(22)])
    check("revoked by permission", [80], ports(ec2, group))
    [left] = [rule["SecurityGroupRuleId"] for rule in opened["SecurityGroupRules"] if rule["FromPort"] == 80]
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[left])
    check("revoked by rule id", [], ports(ec2, group))
    told = ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[tcp(25)])
    check(
        "a default VPC tells what it does not know",
        [25],
        [permission["FromPort"] for permission in told["UnknownIpPermissions"]],
    )


def refusals(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="own", Description="own VPC", VpcId=vpc)["GroupId"]
    refused(
        "another VPC refuses what it does not know",
        "InvalidPermission.NotFound",
        ec2.revoke_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(25)],
    )
    refused(
        "a group that is not there",
        "InvalidGroup.NotFound",
        ec2.authorize_security_group_ingress,
        GroupId="sg-0123456789abcdef0",
        IpPermissions=[tcp(22)],
    )
    refused(
        "a rule with a crooked range",
        "InvalidParameterValue",
        ec2.authorize_security_group_ingress,
        GroupId=group,
        IpPermissions=[tcp(22, "300.0.0.0/0")],
    )


def paging(ec2):
    made = {
        ec2.create_security_group(GroupName=f"page-{number}", Description="page")["GroupId"]
        for number in range(12)
    }
    pages = list(ec2.get_paginator("describe_security_groups").paginate(PaginationConfig={"PageSize": 5}))
    found = [group["GroupId"] for page in pages for group in page["SecurityGroups"]]
    check("pages hold five at most", True, all(len(page["SecurityGroups"]) <= 5 for page in pages))
    check("every group comes once", (True, True), (made <= set(found), len(found) == len(set(found))))


def messages(sns, sqs):
    queue = sqs.create_queue(QueueName="boto3")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="boto3")["TopicArn"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(allow)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    published = sns.publish(TopicArn=topic, Subject="hello", Message="from boto3")["MessageId"]
    [message] = receive(sqs, queue)
    envelope = json.loads(message["Body"])
    check("a message reaches the subscribed queue", ("from boto3", published), (envelope["Message"], envelope["MessageId"]))
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    check("a deleted message is gone", [], sqs.receive_message(QueueUrl=queue).get("Messages", []))
    refused(
        "a queue that is not there",
        "AWS.SimpleQueueService.NonExistentQueue",
        sqs.get_queue_url,
        QueueName="nowhere",
    )


def receive(sqs, queue):
    for _ in range(50):
        found = sqs.receive_message(QueueUrl=queue).get("Messages", [])
        if found:
            return found
        time.sleep(0.1)
    return [{"Body": "{}"}]


def table(dynamodb):
    dynamodb.create_table(
        TableName="boto3",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.get_waiter("table_exists").wait(TableName="boto3", WaiterConfig={"Delay": 1})
    entry = {"id": {"S": "a"}, "n": {"N": "1"}}
    once = "attribute_not_exists(id)"
    dynamodb.put_item(TableName="boto3", Item=entry, ConditionExpression=once)
    check("an item comes back", entry, dynamodb.get_item(TableName="boto3", Key={"id": {"S": "a"}})["Item"])
    refused(
        "a condition that does not hold",
        "ConditionalCheckFailedException",
        dynamodb.put_item,
        TableName="boto3",
        Item=entry,
        ConditionExpression=once,
    )


def basics():
    identity = client("sts").get_caller_identity()
    check("sts names the caller", ("111122223333", "arn:aws:iam::111122223333:user/ana"), (identity["Account"], identity["Arn"]))
    ec2 = client("ec2")
    security_groups(ec2)
    refusals(ec2)
    paging(ec2)
    messages(client("sns"), client("sqs"))
    table(client("dynamodb"))


def reeve():
    """The documents' own call on an account that Reeve watches: 22 is closed by the function, 80 stays."""
    ec2 = client("ec2")
    group = ec2.create_security_group(GroupName="watched", Description="watched by Reeve")["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tcp(80), tcp(22)])
    for _ in range(300):
        if ports(ec2, group) == [80]:
            break
        time.sleep(0.1)
    check("what boto3 opened, the deployed function closes, and only that", [80], ports(ec2, group))


if __name__ == "__main__":
    {"basics": basics, "reeve": reeve}[sys.argv[1]]()
