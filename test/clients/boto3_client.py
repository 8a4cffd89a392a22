"""Drives the sandbox with boto3, as a user would. One line a check: `ok NAME` or `not ok NAME: why`.

`boto3_client.py basics` before Reeve is deployed, `boto3_client.py reeve` after.
"""

import datetime
import json
import sys
import time

from boto3_buckets import buckets
from boto3_machines import machines
from checks import check, client, refused

EVERYWHERE = "0.0.0.0/0"


def tcp(port, cidr=EVERYWHERE):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}


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


def what_stands_around():
    logs = client("logs")
    logs.create_log_group(logGroupName="/boto3", tags={"team": "web"})
    logs.put_retention_policy(logGroupName="/boto3", retentionInDays=30)
    [group] = logs.describe_log_groups(logGroupNamePrefix="/boto3")["logGroups"]
    check("a log group keeps its retention", 30, group["retentionInDays"])
    # Older botocore knows only the ARN with the streams at its end.
    arn = group["arn"].removesuffix(":*")
    tagging = client("resourcegroupstaggingapi")
    tagged = tagging.tag_resources(ResourceARNList=[arn], Tags={"Owner": "ana"})
    check("the Tagging API tags it", {}, tagged["FailedResourcesMap"])
    found = tagging.get_resources(ResourceTypeFilters=["logs:log-group"])["ResourceTagMappingList"]
    check("and lists it", [arn], [each["ResourceARN"] for each in found])
    rds = client("rds")
    made = rds.create_db_instance(
        DBInstanceIdentifier="boto3",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="ana",
        MasterUserPassword="a-secret-word",
        Tags=[{"Key": "team", "Value": "web"}],
    )["DBInstance"]
    check("a database is on its way", "creating", made["DBInstanceStatus"])
    refused(
        "a database on its way cannot be stopped",
        "InvalidDBInstanceState",
        rds.stop_db_instance,
        DBInstanceIdentifier="boto3",
    )
    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="boto3")["HostedZone"]["Id"]
    record = {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "198.51.100.7"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    sets = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    check("a zone has its records", ["NS", "SOA", "A"], [each["Type"] for each in sets])
    refused(
        "a record that is there",
        "InvalidChangeBatch",
        route53.change_resource_record_sets,
        HostedZoneId=zone,
        ChangeBatch=batch,
    )
    check("no distributions", 0, client("cloudfront").list_distributions()["DistributionList"]["Quantity"])
    check("no delivery channels", [], client("config").describe_delivery_channels()["DeliveryChannels"])
    refused(
        "no organization",
        "AWSOrganizationsNotInUseException",
        client("organizations").describe_organization,
    )


def what_is_told():
    events = client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateLogGroup"}]
    )["Events"]
    check("the event history knows who", ["ana"], [each["Username"] for each in events])
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="boto3", MetricData=[{"MetricName": "jobs", "Value": 3}])
    now = datetime.datetime(2026, 11, 2, 8, tzinfo=datetime.timezone.utc)
    hour = datetime.timedelta(hours=1)
    points = cloudwatch.get_metric_statistics(
        Namespace="boto3",
        MetricName="jobs",
        StartTime=now - hour,
        EndTime=now + 24 * hour,
        Period=3600,
        Statistics=["Sum"],
        ExtendedStatistics=["p99"],
    )["Datapoints"]
    check("a datapoint has its statistics", [(3.0, {"p99": 3.0})], [(p["Sum"], p["ExtendedStatistics"]) for p in points])
    cloudwatch.put_metric_alarm(
        AlarmName="jobs",
        Namespace="boto3",
        MetricName="jobs",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.put_composite_alarm(AlarmName="any", AlarmRule="ALARM(jobs)")
    cloudwatch.set_alarm_state(AlarmName="jobs", StateValue="ALARM", StateReason="by hand")
    [composite] = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    check("a composite alarm follows", "ALARM", composite["StateValue"])
    history = cloudwatch.describe_alarm_history(AlarmName="jobs", HistoryItemType="StateUpdate")
    check("the history tells it", 1, len(history["AlarmHistoryItems"]))


def basics():
    identity = client("sts").get_caller_identity()
    check("sts names the caller", ("111122223333", "arn:aws:iam::111122223333:user/ana"), (identity["Account"], identity["Arn"]))
    ec2 = client("ec2")
    security_groups(ec2)
    refusals(ec2)
    paging(ec2)
    messages(client("sns"), client("sqs"))
    table(client("dynamodb"))
    what_stands_around()
    what_is_told()
    machines()
    buckets()


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
