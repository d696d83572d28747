"""Watches simulated streams with the defaults of Evidently and of River: for each stream and each day after its reference, whether they alarm.

Reads one stream a line: {"columns": [{"name", "kind"}], "reference": days, "days": [{column: values}]}; writes {way: [[alarm of a day]]}.
"""

import json
import os
import sys
import warnings

os.environ["DO_NOT_TRACK"] = "1"
warnings.filterwarnings("ignore")

import pandas as pd  # noqa: E402
from evidently.legacy.calculations.stattests.registry import get_stattest  # noqa: E402
from river import drift  # noqa: E402

try:
    from evidently.legacy.core import ColumnType
except ImportError:
    from evidently.core import ColumnType

DRIFT_SHARE = 0.5


def evidently_days(stream):
    """Shares of drifted columns by day, each column by the test and the threshold that Evidently chooses itself."""
    reference = {}
    for column in stream["columns"]:
        name = column["name"]
        reference[name] = pd.Series([value for day in stream["days"][: stream["reference"]] for value in day[name]])
    shares = []
    for day in stream["days"][stream["reference"] :]:
        drifted = 0
        for column in stream["columns"]:
            kind = ColumnType.Numerical if column["kind"] == "numeric" else ColumnType.Categorical
            current = pd.Series(day[column["name"]])
            test = get_stattest(reference[column["name"]], current, kind, None)
            drifted += bool(test(reference[column["name"]], current, kind, None).drifted)
        shares.append(drifted / len(stream["columns"]))
    return shares


def river_days(stream, make):
    """Whether the detector of any numeric column fired on a day; each sees every row since the beginning of the reference."""
    alarms = [False] * len(stream["days"])
    for column in stream["columns"]:
        if column["kind"] != "numeric":
            continue
        detector = make()
        for index, day in enumerate(stream["days"]):
            for value in day[column["name"]]:
                detector.update(value)
                alarms[index] = alarms[index] or detector.drift_detected
    return alarms[stream["reference"] :]


def main():
    answers = {
        "Evidently's data set drift (half of the columns)": [],
        "Evidently's column drift (any column)": [],
        "River's ADWIN (any numeric column)": [],
        "River's Page-Hinkley (any numeric column)": [],
    }
    with open(sys.argv[1]) as lines:
        for line in lines:
            stream = json.loads(line)
            shares = evidently_days(stream)
            days = [[share >= DRIFT_SHARE for share in shares], [share > 0 for share in shares], river_days(stream, drift.ADWIN), river_days(stream, drift.PageHinkley)]
            for way, alarms in zip(answers, days):
                answers[way].append(alarms)
    json.dump(answers, sys.stdout)


main()
