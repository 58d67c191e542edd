"""The workshop as a Dagster resource."""

import dagster as dg

from igny8_media.settings import load_settings
from igny8_media.stages.workshop import Workshop
from igny8_media.storage.bucket import ATTEMPTS, load_bucket


class WorkshopResource(dg.ConfigurableResource["WorkshopResource"]):
    """Opens the workshop from the environment of the process that really runs the step."""

    def open(self) -> Workshop:
        """Raises InputError for a setting that does not fit."""
        settings, bucket = load_settings(), load_bucket()
        if not bucket.aws_storage_bucket_name:
            return Workshop(settings)
        from dagster_aws.s3 import S3Resource  # with boto3, which costs half a second

        s3 = S3Resource(max_attempts=ATTEMPTS, **bucket.connection())
        return Workshop(settings, s3.get_client())
