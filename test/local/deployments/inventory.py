"""Lists all that an account on the emulator has, by the types that CloudFormation knows, as JSON.

    inventory.py <address of the emulator>
"""

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

import boto3
from botocore.config import Config

_SETTINGS = {
    "endpoint_url": sys.argv[1],
    "region_name": "us-east-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
    "config": Config(s3={"addressing_style": "path"}),
}


def client(service: str) -> Any:
    return boto3.client(service, **_SETTINGS)


def pages(service: str, call: str, found: str, **arguments: str) -> Iterable[Any]:
    """Whatever a call lists, over all pages."""
    for page in client(service).get_paginator(call).paginate(**arguments):
        yield from page[found]


def each(service: str, call: str, found: str, name: str, **arguments: str) -> Callable[[], list[str]]:
    return lambda: [one[name] for one in pages(service, call, found, **arguments)]


def of_each_api(call: str, name: str) -> list[str]:
    gateway = client("apigatewayv2")
    return [f"{api['ApiId']}/{one[name]}" for api in gateway.get_apis()["Items"] for one in getattr(gateway, call)(ApiId=api["ApiId"])["Items"]]


def keys() -> list[str]:
    """Those that are not about to be deleted, which cost nothing."""
    kms = client("kms")
    found = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in pages("kms", "list_keys", "Keys")]
    return [key["KeyId"] for key in found if key["KeyState"] != "PendingDeletion" and key["KeyManager"] == "CUSTOMER"]


def of_each_bus() -> list[str]:
    events = client("events")
    return [rule["Arn"] for bus in events.list_event_buses()["EventBuses"] for rule in events.list_rules(EventBusName=bus["Name"])["Rules"]]


def tables_of_each_database() -> list[str]:
    databases = each("glue", "get_databases", "DatabaseList", "Name")()
    return [f"{database}.{table['Name']}" for database in databases for table in pages("glue", "get_tables", "TableList", DatabaseName=database)]


def log_streams() -> list[str]:
    groups = each("logs", "describe_log_groups", "logGroups", "logGroupName")()
    return [stream["arn"] for group in groups for stream in pages("logs", "describe_log_streams", "logStreams", logGroupName=group)]


def queries_of_each_workgroup() -> list[str]:
    athena = client("athena")
    groups = [group["Name"] for group in athena.list_work_groups()["WorkGroups"]]
    return [query for group in groups for query in athena.list_named_queries(WorkGroup=group)["NamedQueryIds"]]


LISTS: dict[str, Callable[[], list[str]]] = {
    "ApiGatewayV2::Api": lambda: [api["ApiId"] for api in client("apigatewayv2").get_apis()["Items"]],
    "ApiGatewayV2::Integration": lambda: of_each_api("get_integrations", "IntegrationId"),
    "ApiGatewayV2::Route": lambda: of_each_api("get_routes", "RouteId"),
    "ApiGatewayV2::Stage": lambda: of_each_api("get_stages", "StageName"),
    "Athena::NamedQuery": queries_of_each_workgroup,
    "Athena::WorkGroup": lambda: [group["Name"] for group in client("athena").list_work_groups()["WorkGroups"]],
    "CloudFormation::Stack": lambda: [
        stack["StackId"] for stack in pages("cloudformation", "list_stacks", "StackSummaries") if stack["StackStatus"] != "DELETE_COMPLETE"
    ],
    "CloudWatch::Alarm": each("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmArn"),
    "DynamoDB::Table": lambda: list(pages("dynamodb", "list_tables", "TableNames")),
    "Events::EventBus": lambda: [bus["Arn"] for bus in client("events").list_event_buses()["EventBuses"]],
    "Events::Rule": of_each_bus,
    "Glue::Database": each("glue", "get_databases", "DatabaseList", "Name"),
    "Glue::Job": lambda: [job["Name"] for job in pages("glue", "get_jobs", "Jobs")],
    "Glue::SecurityConfiguration": each("glue", "get_security_configurations", "SecurityConfigurations", "Name"),
    "Glue::Table": tables_of_each_database,
    "Glue::Trigger": each("glue", "get_triggers", "Triggers", "Name"),
    "IAM::ManagedPolicy": each("iam", "list_policies", "Policies", "Arn", Scope="Local"),
    "IAM::Role": each("iam", "list_roles", "Roles", "Arn"),
    "KMS::Key": keys,
    "Kinesis::Stream": lambda: client("kinesis").list_streams()["StreamNames"],
    "KinesisFirehose::DeliveryStream": lambda: client("firehose").list_delivery_streams()["DeliveryStreamNames"],
    "Lambda::EventSourceMapping": each("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    "Lambda::Function": each("lambda", "list_functions", "Functions", "FunctionArn"),
    "Logs::LogGroup": each("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "Logs::LogStream": log_streams,
    "S3::Bucket": lambda: [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]],
    "SNS::Topic": each("sns", "list_topics", "Topics", "TopicArn"),
    "SNS::Subscription": each("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    "SSM::Parameter": each("ssm", "describe_parameters", "Parameters", "Name"),
    "SQS::Queue": lambda: client("sqs").list_queues().get("QueueUrls", []),
    "Scheduler::Schedule": each("scheduler", "list_schedules", "Schedules", "Arn"),
    "Scheduler::ScheduleGroup": each("scheduler", "list_schedule_groups", "ScheduleGroups", "Arn"),
    "SecretsManager::Secret": each("secretsmanager", "list_secrets", "SecretList", "ARN"),
}

print(json.dumps({kind: sorted(found()) for kind, found in LISTS.items()}))
