"""An S3-compatible bucket. Address and keys come from the environment, as boto3 reads it; no host is named here.

``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_DEFAULT_REGION``. Every body is sent with
its MD5, which the host checks; the SHA-256 of a file is kept with it as metadata.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from publish.deposit.contents import BRIEF, IMMUTABLE, Item, media_type
from publish.deposit.target import HostFailed
from schemas.errors import UsageError

# S3 takes parts of 5 MiB to 5 GiB, 10 000 at most: 80 GB for one file is far above what a release holds.
PART = 8 << 20
ATTEMPTS = 6


def client() -> Any:
    """A boto3 client for S3, tried again on 500, 503, throttling and lost connections.

    Raises UsageError where boto3 is not installed.
    """
    try:
        import boto3  # type: ignore[import-untyped]
        from botocore.config import Config  # type: ignore[import-untyped]
    except ImportError as error:
        raise UsageError(
            "Publier vers un seau demande boto3, qui n'est pas installé. Installez l'option « s3 » du paquet."
        ) from error
    # Compatible hosts know buckets by path, and not all know Amazon's newer checksums: Content-MD5 they all check.
    path = {"addressing_style": "path"} if os.environ.get("AWS_ENDPOINT_URL") else {}
    return boto3.client(
        "s3",
        config=Config(
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            s3=path,
            max_pool_connections=S3Target.parallel,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _told(where: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise HostFailed(
            f"{where} : le seau a refusé ou n'a pas répondu ({error}). Vérifiez l'adresse (AWS_ENDPOINT_URL), le nom "
            "du seau, les clés et leurs droits, puis relancez : l'envoi reprendra où il en était."
        ) from error


class S3Target:
    """Objects appear whole by themselves; a large file goes in parts, and those already there are not sent again."""

    parallel = 16

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self._client = client()

    def describe(self) -> str:
        """The bucket and prefix."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + name}

    def sizes(self, tops: Iterable[str]) -> Mapping[str, int]:
        """Bytes of each object below those first names."""
        pages = self._client.get_paginator("list_objects_v2")
        with _told(self.describe()):
            return {
                held["Key"].removeprefix(self.prefix): held["Size"]
                for top in tops
                for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self.prefix}{top}/")
                for held in page.get("Contents", ())
            }

    def digest(self, name: str) -> str:
        """SHA-256 that was sent with an object, whose bytes the host checked; empty where there is none."""
        with _told(self.describe()):
            head = self._client.head_object(**self._key(name))
        return str(head["Metadata"].get("sha256", ""))

    def send(self, item: Item) -> None:
        """Send a file, in parts where it is large."""
        about = {
            "ContentType": item.type,
            "CacheControl": IMMUTABLE,
            "Metadata": {"sha256": item.sha256},
        }
        with _told(self.describe()):
            if item.octets <= PART:
                self._put(item.name, item.path.read_bytes(), about)
            else:
                self._send_parts(item, about)

    def write(self, name: str, body: bytes) -> None:
        """Replace a small object that changes with each release."""
        with _told(self.describe()):
            self._put(name, body, {"ContentType": media_type(name), "CacheControl": BRIEF})

    def _put(self, name: str, body: bytes, about: Mapping[str, Any]) -> None:
        self._client.put_object(**self._key(name), Body=body, ContentMD5=_md5(body), **about)

    def _send_parts(self, item: Item, about: Mapping[str, Any]) -> None:
        """Send a large file in parts, going on with an upload that was interrupted."""
        key = self._key(item.name)
        upload = self._interrupted(item.name) or self._client.create_multipart_upload(**key, **about)["UploadId"]
        there = self._parts(item.name, upload)
        parts = []
        with item.path.open("rb") as file:
            number = 0
            while body := file.read(PART):
                number += 1
                tag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
                if there.get(number) != tag:
                    tag = self._client.upload_part(
                        **key, UploadId=upload, PartNumber=number, Body=body, ContentMD5=_md5(body)
                    )["ETag"]
                parts.append({"PartNumber": number, "ETag": tag})
        self._client.complete_multipart_upload(**key, UploadId=upload, MultipartUpload={"Parts": parts})

    def _interrupted(self, name: str) -> str | None:
        """An upload of that name which was begun and not ended."""
        key = self._key(name)
        begun = self._client.list_multipart_uploads(Bucket=self.bucket, Prefix=key["Key"]).get("Uploads", ())
        return next((str(upload["UploadId"]) for upload in begun if upload["Key"] == key["Key"]), None)

    def _parts(self, name: str, upload: str) -> Mapping[int, str]:
        """Entity tags of the parts an upload has, by number."""
        pages = self._client.get_paginator("list_parts").paginate(**self._key(name), UploadId=upload)
        return {part["PartNumber"]: part["ETag"] for page in pages for part in page.get("Parts", ())}

    def read(self, name: str) -> bytes | None:
        """A small object; None where there is none."""
        with _told(self.describe()):
            try:
                return bytes(self._client.get_object(**self._key(name))["Body"].read())
            except self._client.exceptions.NoSuchKey:
                return None

    def remove(self, name: str) -> None:
        """Delete an object."""
        with _told(self.describe()):
            self._client.delete_object(**self._key(name))

    def finish(self, tops: Iterable[str]) -> None:
        """Give up the uploads of ours that were begun and will not be ended: parts are paid for and never seen."""
        with _told(self.describe()):
            for top in tops:
                prefix = f"{self.prefix}{top}/"
                begun = self._client.list_multipart_uploads(Bucket=self.bucket, Prefix=prefix).get("Uploads", ())
                for upload in begun:
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )


def _md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
