"""What the boto3 scripts share: a client for the sandbox, and checks that answer one line each."""

import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"max_attempts": 1, "mode": "standard"})


def client(service):
    return boto3.client(service, endpoint_url=os.environ["ENDPOINT"], config=ONCE)


def resource(service):
    return boto3.resource(service, endpoint_url=os.environ["ENDPOINT"], config=ONCE)


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
