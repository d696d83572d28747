"""Reads lifecycle events by the AsyncAPI document alone: subscribe.py CLIENT.PROPERTIES ASYNCAPI.YAML GROUP NUMBER_OF_EVENTS PREFIX|- TOPIC...

Prints each event as a line of JSON with what its headers, key and payload have wrong against the document; ends after that many events, or after 20 s without one.
"""

import json
import sys
import time

import yaml
from confluent_kafka import Consumer, KafkaException
from jsonschema import Draft202012Validator, FormatChecker

from settings import settings_of

PATIENCE_SECONDS = 20


class Contract:
    """The AsyncAPI document: which message is on which channel, and what it must look like."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.load(file, Loader=yaml.CSafeLoader)
        self.messages = {channel["address"]: channel["messages"] for channel in self.document["channels"].values()}
        self.validators = {}

    def wrong(self, topic, key, headers, payload):
        kind = headers.get("ce_type")
        if kind not in self.messages.get(topic, {}):
            return [f"{kind} is no message of {topic}"]
        of_key = [] if key == headers.get("ce_subject") else ["the key is not the subject"]
        message = f"/components/messages/{kind}"
        return [*of_key, *self._flaws(f"{message}/headers", headers), *self._flaws(f"{message}/payload", payload)]

    def _flaws(self, pointer, value):
        if pointer not in self.validators:
            schema = {"$ref": f"#{pointer}", "components": self.document["components"]}
            self.validators[pointer] = Draft202012Validator(schema, format_checker=FormatChecker())
        return [error.message for error in self.validators[pointer].iter_errors(value)]


def report_of(message, prefix, contract):
    topic = message.topic().removeprefix(prefix)
    key = message.key().decode()
    headers = {name: value.decode() for name, value in message.headers() or []}
    data = json.loads(message.value())
    return {"topic": topic, "key": key, "type": headers.get("ce_type"), "id": headers.get("ce_id"), "data": data, "wrong": contract.wrong(topic, key, headers, data)}


def main(properties, document, group, count, prefix, *topics):
    contract = Contract(document)
    prefix = "" if prefix == "-" else prefix
    consumer = Consumer({**settings_of(properties), "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([prefix + topic for topic in topics])
    seen, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while seen < int(count) and time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        print(json.dumps(report_of(message, prefix, contract)), flush=True)
        consumer.commit(message, asynchronous=False)  # behind what was printed: a killed subscriber reads it again
        seen, deadline = seen + 1, time.monotonic() + PATIENCE_SECONDS
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
