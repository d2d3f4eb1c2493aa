"""A real Kafka, one node in KRaft mode, from Maven Central's artifacts, on loopback ports that the system gives."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from common.serve.address import free_port
from common.serve.tether import __file__ as TETHER

VERSION = "3.9.1"
_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>broker</artifactId><version>1</version>
<packaging>pom</packaging>
<dependencies><dependency>
<groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{VERSION}</version>
</dependency></dependencies></project>
"""
_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/log
num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
"""
_MINUTES = 5


class RealBroker:
    """A broker with its files below `folder`; it can be stopped and started again at the same address."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._port, controller = free_port(), free_port()
        self.address = f"127.0.0.1:{self._port}"
        self._jars = _jars(folder)
        self._properties = folder / "server.properties"
        self._properties.write_text(_PROPERTIES.format(port=self._port, controller=controller, folder=folder))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        subprocess.run(
            [*self._java("kafka.tools.StorageTool"), "format", "-t", cluster, "-c", str(self._properties)],
            check=True,
            capture_output=True,
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the broker and returns when it answers."""
        command = [sys.executable, "-P", TETHER, str(os.getpid()), *self._java("kafka.Kafka"), str(self._properties)]
        with (self._folder / "broker.log").open("ab") as told:
            self._process = subprocess.Popen(command, stdout=told, stderr=told)
        client = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        end = time.monotonic() + _MINUTES * 60
        while True:
            try:
                client.list_topics(timeout=5)
                return
            except KafkaException:
                assert self._process.poll() is None, (self._folder / "broker.log").read_text()[-4000:]
                assert time.monotonic() < end

    def stop(self) -> None:
        """Stops the broker in an orderly way; what it has acknowledged is kept."""
        if self._process:
            self._process.terminate()
            self._process.wait(_MINUTES * 60)
            self._process = None

    def _java(self, program: str) -> list[str]:
        return ["java", "-Xmx512m", "-cp", f"{self._jars}/*", program]


def _jars(folder: Path) -> Path:
    """The folder of Kafka's jars; skips the test, loudly, where java or mvn is missing."""
    for program in ("java", "mvn"):
        if not shutil.which(program):
            pytest.skip(f"NOT TESTED against a real Kafka: {program} is not installed here")
    (folder / "pom.xml").write_text(_POM)
    jars = folder / "jars"
    command = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_MINUTES * 60)
    return jars
