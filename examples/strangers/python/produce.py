"""Sends records to a data set's topic: produce.py CLIENT.PROPERTIES TOPIC KEY_COLUMN plain|binary|structured, one JSON object per line on standard input.

The contract is channel data.project.dataSet of asyncapi.yaml.
"""

import json
import sys
import uuid
from datetime import datetime, timezone

from cloudevents.core.bindings.kafka import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Producer

from settings import settings_of


def message_of(record, mode):
    """Headers and value of a record: plain JSON, or a CloudEvent by its own library."""
    if mode == "plain":
        return {}, json.dumps(record).encode()
    attributes = {
        "id": str(uuid.uuid4()),
        "source": "/strangers/python",
        "type": "strangers.record.v1",
        "specversion": "1.0",
        "time": datetime.now(timezone.utc),
        "datacontenttype": "application/json",
    }
    write = {"binary": to_binary, "structured": to_structured}[mode]
    message = write(CloudEvent(attributes, record), JSONFormat())
    return message.headers, message.value


def main(properties, topic, key_column, mode):
    failures = []
    # Idempotence: the broker drops what the client repeats.
    producer = Producer({**settings_of(properties), "enable.idempotence": True})
    records = [json.loads(line) for line in sys.stdin if line.strip()]
    for record in records:
        headers, value = message_of(record, mode)
        producer.produce(topic, value, key=str(record[key_column]), headers=headers, on_delivery=lambda error, _: error and failures.append(error))
        producer.poll(0)
    left = producer.flush(30)
    if failures or left:
        sys.exit(f"{len(failures) + left} of {len(records)} records were not written: {failures[0] if failures else 'no answer within 30 s'}")
    print(f"{len(records)} records are on {topic}")


if __name__ == "__main__":
    main(*sys.argv[1:])
