"""Buckets to the last version, by boto3: as objects and as versions, with everything that keeps a bucket from going."""

import datetime
import io

from botocore.exceptions import ClientError
from checks import check, client, refused, resource

ODD_KEYS = ["plain", "a b+c", "ä/ü/漢字", "/slash//twice", "per%cent", "&<>\"'", "\U0001f600", "tab\there"]


def made(s3, name, **arguments):
    region = s3.meta.region_name
    if region != "us-east-1":
        arguments["CreateBucketConfiguration"] = {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **arguments)
    return name


def plain(s3):
    bucket = made(s3, "boto3-plain")
    refused("an underscore is no bucket name", "InvalidBucketName", s3.create_bucket, Bucket="my_first_bucket")
    for key in ODD_KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3})
    check("odd keys come back, page by page", sorted(ODD_KEYS), sorted(o["Key"] for page in listed for o in page["Contents"]))
    read = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in ODD_KEYS}
    check("and so does what they hold", dict(zip(ODD_KEYS, ODD_KEYS)), read)
    refused("a bucket with objects stays", "BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
    # The source documents' own way to empty one.
    resource("s3").Bucket(bucket).objects.all().delete()
    s3.delete_bucket(Bucket=bucket)
    refused("then it is gone", "404", s3.head_bucket, Bucket=bucket)


def versioned(s3):
    bucket = made(s3, "boto3-versioned")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for turn in range(3):
        for key in ("a", "b"):
            s3.put_object(Bucket=bucket, Key=key, Body=b"%d" % turn)
    s3.delete_object(Bucket=bucket, Key="a")
    seen = s3.list_object_versions(Bucket=bucket)
    check("three versions each and one marker", (6, 1), (len(seen["Versions"]), len(seen["DeleteMarkers"])))
    refused("a marker hides the object", "NoSuchKey", s3.get_object, Bucket=bucket, Key="a")
    resource("s3").Bucket(bucket).objects.all().delete()
    refused("without its objects it is not empty", "BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
    resource("s3").Bucket(bucket).object_versions.delete()
    s3.delete_bucket(Bucket=bucket)
    check("without its versions it is", True, bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]])


def uploads(s3):
    bucket = made(s3, "boto3-uploads")
    s3.upload_fileobj(io.BytesIO(bytes(9 * 1024 * 1024)), bucket, "large")
    head = s3.head_object(Bucket=bucket, Key="large")
    check("the transfer manager sends parts", (9 * 1024 * 1024, True), (head["ContentLength"], head["ETag"].endswith('-2"')))
    begun = s3.create_multipart_upload(Bucket=bucket, Key="never-ended")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="never-ended", UploadId=begun, PartNumber=1, Body=b"part")
    [open_] = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    check("an upload that was never ended is told", begun, open_["UploadId"])
    s3.abort_multipart_upload(Bucket=bucket, Key="never-ended", UploadId=begun)
    check("and can be aborted", [], s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []))


def locked(s3):
    bucket = made(s3, "boto3-locked", ObjectLockEnabledForBucket=True)
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=400)
    version = s3.put_object(
        Bucket=bucket, Key="kept", Body=b"x", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until
    )["VersionId"]
    refused("a locked version stays", "AccessDenied", s3.delete_object, Bucket=bucket, Key="kept", VersionId=version)
    errors = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": [{"Key": "kept", "VersionId": version}, {"Key": "not-there"}]}
    )
    check("many at once tell the one that stayed", ["AccessDenied"], [each["Code"] for each in errors["Errors"]])


def settings(s3):
    bucket = made(s3, "boto3-settings")
    refused("no tags", "NoSuchTagSet", s3.get_bucket_tagging, Bucket=bucket)
    refused("no policy", "NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=bucket)
    refused("no lifecycle", "NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "Owner", "Value": "ana"}]})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "web"}]})
    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    check("new tags take the place of all old ones", [{"Key": "team", "Value": "web"}], tags)
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    check("its lifecycle is kept", [rule], s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])
    try:
        s3.put_bucket_policy(Bucket=bucket, Policy="{")
    except ClientError as error:
        check("a policy that is no JSON", "MalformedPolicy", error.response["Error"]["Code"])


def buckets():
    s3 = client("s3")
    for part in (plain, versioned, uploads, locked, settings):
        part(s3)
