"""Instances and what hangs on them, by boto3: clients, waiters, paginators, and the source documents' own collections."""

import datetime

from checks import check, client, refused, resource

QUICKLY = {"Delay": 1, "MaxAttempts": 120}


def launch(ec2):
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    # Three at once from one call, tagged as they come to be.
    launched = ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        MinCount=3,
        MaxCount=3,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "lab"}]}],
    )["Instances"]
    check("three instances are pending", ["pending"] * 3, [each["State"]["Name"] for each in launched])
    ids = [each["InstanceId"] for each in launched]
    ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=QUICKLY)
    running = resource("ec2").instances.filter(
        Filters=[{"Name": "instance-state-name", "Values": ["running"]}, {"Name": "tag:Name", "Values": ["l*"]}]
    )
    check("the collection finds them running, by wildcard", sorted(ids), sorted(each.id for each in running))
    return ids


def stop_and_start(ec2, instance):
    refused("a dry run of a stop says so", "DryRunOperation", ec2.stop_instances, InstanceIds=[instance], DryRun=True)
    [change] = ec2.stop_instances(InstanceIds=[instance])["StoppingInstances"]
    states = (change["PreviousState"]["Name"], change["CurrentState"]["Name"])
    check("a running instance goes stopping", ("running", "stopping"), states)
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance], WaiterConfig=QUICKLY)
    [found] = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"]
    check("it says who stopped it", "Client.UserInitiatedShutdown", found["StateReason"]["Code"])
    check("it has lost its public address", None, found.get("PublicIpAddress"))
    ec2.start_instances(InstanceIds=[instance])
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance], WaiterConfig=QUICKLY)
    unknown = "i-0123456789abcdef0"
    refused(
        "one unknown id refuses all of a stop",
        "InvalidInstanceID.NotFound",
        ec2.stop_instances,
        InstanceIds=[instance, unknown],
    )
    refused("an id that is none", "InvalidInstanceID.Malformed", ec2.stop_instances, InstanceIds=["i-0a81k3ndl29175220"])


def volumes(ec2, instance):
    pages = ec2.get_paginator("describe_volumes").paginate(
        Filters=[{"Name": "attachment.instance-id", "Values": [instance]}], PaginationConfig={"PageSize": 5}
    )
    [root] = [volume for page in pages for volume in page["Volumes"]]
    check("it stands on an EBS volume", ("in-use", True), (root["State"], root["Attachments"][0]["DeleteOnTermination"]))
    snapshot = ec2.create_snapshot(VolumeId=root["VolumeId"], Description="by boto3")["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=QUICKLY)
    refused("a volume in use stays", "VolumeInUse", ec2.delete_volume, VolumeId=root["VolumeId"])
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=address, InstanceId=instance)
    [held] = ec2.describe_addresses(AllocationIds=[address])["Addresses"]
    check("an Elastic IP is on it", instance, held["InstanceId"])


def quiet(instance):
    """Two metrics in one call, one of which nobody ever wrote."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def query(name, namespace):
        dimensions = [{"Name": "InstanceId", "Value": instance}]
        metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
        return {"Id": name.lower(), "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Maximum"}}

    answer = client("cloudwatch").get_metric_data(
        MetricDataQueries=[query("CPUUtilization", "AWS/EC2"), query("mem_used_percent", "CWAgent")],
        StartTime=now - datetime.timedelta(days=14),
        EndTime=now,
    )
    results = {each["Id"]: each for each in answer["MetricDataResults"]}
    check("a metric nobody wrote has no values, and no error", ([], "Complete"), (
        results["mem_used_percent"]["Values"],
        results["mem_used_percent"]["StatusCode"],
    ))


def tags(ec2, instance):
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "Owner", "Value": "ana"}])
    refused(
        "a tag of AWS's own is refused",
        "InvalidParameterValue",
        ec2.create_tags,
        Resources=[instance],
        Tags=[{"Key": "aws:mine", "Value": "no"}],
    )
    found = resource("ec2").Instance(instance).tags
    check("its tags are kept", {"Name": "lab", "Owner": "ana"}, {each["Key"]: each["Value"] for each in found})


def end(ec2, ids):
    ec2.modify_instance_attribute(InstanceId=ids[0], DisableApiTermination={"Value": True})
    refused("protected from termination", "OperationNotPermitted", ec2.terminate_instances, InstanceIds=ids[:1])
    ec2.terminate_instances(InstanceIds=ids[1:])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids[1:], WaiterConfig=QUICKLY)
    gone = [each.state["Name"] for each in resource("ec2").instances.filter(InstanceIds=ids[1:])]
    check("terminated ones are still told", ["terminated"] * 2, gone)


def machines():
    ec2 = client("ec2")
    ids = launch(ec2)
    stop_and_start(ec2, ids[0])
    volumes(ec2, ids[0])
    quiet(ids[0])
    tags(ec2, ids[0])
    end(ec2, ids)
