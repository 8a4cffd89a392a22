#!/usr/bin/env bash
# Drives the sandbox with the AWS CLI, as a user would. One line a check: `ok NAME` or `not ok NAME: why`.
set -u

aws_() { /usr/bin/aws --endpoint-url "$ENDPOINT" --output text "$@" 2>&1; }

# is NAME EXPECTED ACTUAL
is() {
  if [ "$2" = "$3" ]; then echo "ok aws: $1"; else echo "not ok aws: $1: expected $2, got ${3//$'\n'/ }"; fi
}

# refused NAME CODE COMMAND…: the call has to fail with this error code.
refused() {
  local name=$1 code=$2 said
  shift 2
  if said=$(aws_ "$@"); then echo "not ok aws: $name: not refused"; return; fi
  case $said in
    *"($code)"*) echo "ok aws: $name" ;;
    *) echo "not ok aws: $name: expected $code, got ${said//$'\n'/ }" ;;
  esac
}

# The source documents' own permissions: 80 and 22 from everywhere.
documents='[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]},
  {"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'
ssh='[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'
smtp='[{"IpProtocol":"tcp","FromPort":25,"ToPort":25,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'

is 'sts get-caller-identity names the caller' 'arn:aws:iam::111122223333:user/ana' \
  "$(aws_ sts get-caller-identity --query Arn)"

group=$(aws_ ec2 create-security-group --group-name cli --description 'by the CLI' --query GroupId)
is 'ec2 authorize-security-group-ingress opens 80 and 22 in one call' 'True 2' \
  "$(aws_ ec2 authorize-security-group-ingress --group-id "$group" --ip-permissions "$documents" \
    --query '[Return, length(SecurityGroupRules)]' | tr '\t' ' ')"
is 'ec2 describe-security-groups tells them' '22 80' \
  "$(aws_ ec2 describe-security-groups --group-ids "$group" \
    --query 'sort(SecurityGroups[0].IpPermissions[].FromPort)' | tr '\t' ' ')"
refused 'a rule that is there is a duplicate' InvalidPermission.Duplicate \
  ec2 authorize-security-group-ingress --group-id "$group" --ip-permissions "$ssh"
refused 'a dry run says so' DryRunOperation \
  ec2 revoke-security-group-ingress --dry-run --group-id "$group" --ip-permissions "$ssh"
is 'ec2 revoke-security-group-ingress by permission' 'True' \
  "$(aws_ ec2 revoke-security-group-ingress --group-id "$group" --ip-permissions "$ssh" --query Return)"
rule=$(aws_ ec2 describe-security-group-rules --filters "Name=group-id,Values=$group" \
  --query 'SecurityGroupRules[?!IsEgress].SecurityGroupRuleId')
is 'ec2 revoke-security-group-ingress by rule id' 'True' \
  "$(aws_ ec2 revoke-security-group-ingress --group-id "$group" --security-group-rule-ids "$rule" --query Return)"
is 'a default VPC tells what it does not know instead of refusing' '25' \
  "$(aws_ ec2 revoke-security-group-ingress --group-id "$group" --ip-permissions "$smtp" \
    --query 'UnknownIpPermissions[].FromPort')"
refused 'a group that is not there' InvalidGroup.NotFound \
  ec2 describe-security-groups --group-ids sg-0123456789abcdef0
# As text the CLI answers page by page; as JSON it puts them together first.
is 'ec2 describe-security-groups follows its pages' 'true' \
  "$(aws_ ec2 describe-security-groups --page-size 5 --output json --query "contains(SecurityGroups[].GroupId, '$group')")"

queue=$(aws_ sqs create-queue --queue-name cli --query QueueUrl)
aws_ sqs send-message --queue-url "$queue" --message-body hello >/dev/null
is 'sqs send-message, receive-message' 'hello' \
  "$(aws_ sqs receive-message --queue-url "$queue" --query 'Messages[0].Body')"
topic=$(aws_ sns create-topic --name cli --query TopicArn)
is 'sns publish answers a message id' '36' \
  "$(aws_ sns publish --topic-arn "$topic" --message hello --query 'length(MessageId)')"
is 'dynamodb create-table' 'cli' \
  "$(aws_ dynamodb create-table --table-name cli --billing-mode PAY_PER_REQUEST \
    --attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH \
    --query TableDescription.TableName)"
aws_ dynamodb put-item --table-name cli --item '{"id":{"S":"a"},"n":{"N":"1"}}' >/dev/null
is 'dynamodb get-item' '1' \
  "$(aws_ dynamodb get-item --table-name cli --key '{"id":{"S":"a"}}' --query Item.n.N)"

image=$(aws_ ec2 describe-images --owners amazon --query 'Images[0].ImageId')
instance=$(aws_ ec2 run-instances --image-id "$image" --instance-type t3.micro --count 1 \
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=cli}]' --query 'Instances[0].InstanceId')
# The source documents' own inventory.
is 'ec2 describe-instances by tag, with its Name' "$instance cli" \
  "$(aws_ ec2 describe-instances --filters Name=tag:Name,Values=cli \
    --query "Reservations[].Instances[].[InstanceId, Tags[?Key=='Name'].Value | [0]]" | tr '\t' ' ')"
refused 'an id that is none' InvalidInstanceID.Malformed ec2 terminate-instances --instance-ids i-0a81k3ndl29175220
is 'cloudwatch get-metric-data of a metric that nobody wrote' 'Complete' \
  "$(aws_ cloudwatch get-metric-data --start-time 2026-10-01T00:00:00Z --end-time 2026-10-02T00:00:00Z \
    --metric-data-queries '[{"Id":"m","MetricStat":{"Metric":{"Namespace":"CWAgent","MetricName":"mem_used_percent"},"Period":3600,"Stat":"Maximum"}}]' \
    --query 'MetricDataResults[0].StatusCode')"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf hello >"$work/greeting ä+b.txt"
printf other >"$work/other.txt"
is 's3 mb' 'make_bucket: cli-bucket' "$(aws_ s3 mb s3://cli-bucket)"
aws_ s3 sync "$work" s3://cli-bucket/copy --quiet
is 's3 sync, ls' 'copy/greeting ä+b.txt copy/other.txt' \
  "$(aws_ s3 ls s3://cli-bucket --recursive | awk '{ $1 = $2 = $3 = ""; sub(/^ +/, ""); printf "%s%s", sep, $0; sep = " " }')"
is 's3 cp brings back what was sent' 'hello' "$(aws_ s3 cp 's3://cli-bucket/copy/greeting ä+b.txt' -)"
refused 'a bucket with objects stays' BucketNotEmpty s3api delete-bucket --bucket cli-bucket
is 's3 rb --force empties and deletes' 'remove_bucket: cli-bucket' "$(aws_ s3 rb s3://cli-bucket --force | tail -n 1)"
refused 'then it is gone' NoSuchBucket s3api list-objects-v2 --bucket cli-bucket
