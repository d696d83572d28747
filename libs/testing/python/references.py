"""Answers what scipy, Evidently and River themselves compute, for tests and benches that compare with them.

Reads a JSON list of questions from standard input and writes a JSON list of answers; the libraries are imported when a question needs them.
Numbers that JSON does not have travel as the words "nan", "inf" and "-inf".
"""

import json
import math
import os
import sys
import time
import warnings

os.environ["DO_NOT_TRACK"] = "1"
warnings.filterwarnings("ignore")


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (bool, str)) or value is None:
        return value
    if type(value).__name__.startswith("bool"):
        return bool(value)
    if isinstance(value, int):
        return value
    number = float(value)
    return number if math.isfinite(number) else ("nan" if math.isnan(number) else ("inf" if number > 0 else "-inf"))


def number_of(value):
    return math.nan if value is None else float(value)


def special(question):
    from scipy import special as functions
    from scipy import stats

    named = {
        "logGamma": lambda x: functions.gammaln(x),
        "upperIncompleteGamma": lambda a, x: functions.gammaincc(a, x),
        "incompleteBeta": lambda x, a, b: functions.betainc(a, b, x),
        "errorFunction": lambda x: functions.erf(x),
        "complementaryErrorFunction": lambda x: functions.erfc(x),
        "normalDistribution": lambda z: functions.ndtr(z),
        "normalQuantile": lambda p: functions.ndtri(p),
        "chiSquareSurvival": lambda x, k: stats.chi2.sf(x, k),
        "studentTSurvival": lambda t, k: stats.t.sf(t, k),
        "studentTQuantile": lambda p, k: stats.t.ppf(p, k),
        "scaledBesselK": lambda order, x: functions.kve(order, x),
        "kolmogorovSurvival": lambda x: functions.kolmogorov(x),
        "smirnovSurvival": lambda n, x: functions.smirnov(int(n), x),
        "ksSurvival": lambda n, x: stats.kstwo.sf(x, int(n)),
    }
    return [named[name](*[number_of(each) for each in arguments]) for name, *arguments in question["calls"]]


def series_of(values, dtype):
    import pandas as pd

    if dtype == "object":
        return pd.Series(values, dtype="object")
    if dtype == "int64":
        return pd.Series(values, dtype="int64")
    if dtype == "bool":
        return pd.Series(values, dtype="bool")
    return pd.Series([number_of(value) for value in values], dtype="float64")


def evidently_column(question):
    """One column cleaned and judged as Evidently's `get_one_column_drift` does it, without its plots; an exception becomes {"raises": its words}."""
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType
    from scipy import stats
    import numpy as np

    reference, current = [series_of(question[side], question["dtype"]).replace([-np.inf, np.inf], np.nan).dropna() for side in ("reference", "current")]
    if reference.empty or current.empty:
        return {"raises": "ValueError: an empty column was provided for drift calculation"}
    kind = ColumnType(question["type"])
    if question.get("method") == "cramer_von_mises" and max(len(reference), len(current)) <= 20 and min(len(reference), len(current)) > 1:
        # Evidently's copy of the exact test breaks under numpy 2 (it adds int64 to smaller integers, or counts in float32); scipy has the original
        score = stats.cramervonmises_2samp(reference.to_numpy(), current.to_numpy()).pvalue
        return {"method": "Cramer-von Mises", "score": score, "threshold": 0.1, "drift": score <= 0.1}
    try:
        test = get_stattest(reference, current, kind, question.get("method"))
        result = test(reference, current, kind, question.get("threshold"))
    except Exception as error:  # whatever it raises is its answer
        return {"raises": f"{type(error).__name__}: {error}"}
    return {"method": test.display_name, "score": result.drift_score, "threshold": result.actual_threshold, "drift": result.drifted}


def evidently_preset(question):
    """What the preset says of two Parquet files, and how many seconds reading and running took."""
    from evidently import Report
    from evidently.presets import DataDriftPreset
    import pandas as pd

    started = time.perf_counter()
    reference, current = pd.read_parquet(question["reference"]), pd.read_parquet(question["current"])
    read, cpu_before = time.perf_counter(), time.process_time()
    result = Report([DataDriftPreset()], include_tests=True).run(current, reference).dict()
    ran, cpu_after = time.perf_counter(), time.process_time()
    columns = {}
    for metric in result["metrics"]:
        config = metric["config"]
        if config["type"].endswith("ValueDrift"):
            columns[config["column"]] = {"method": config["method"], "score": metric["value"], "threshold": config["threshold"]}
    for test in result["tests"]:
        column = (test.get("metric_config") or {}).get("params", {}).get("column")
        if column in columns:
            columns[column]["drift"] = str(test["status"]).endswith("FAIL")
    return {"columns": columns, "readSeconds": read - started, "runSeconds": ran - read, "cpuSeconds": cpu_after - cpu_before}


def river_detector(question):
    """Indices at which a detector of River fires and warns, and how many seconds its updates took."""
    from river import drift

    module = drift if hasattr(drift, question["detector"]) else drift.binary
    detector = getattr(module, question["detector"])(**question.get("parameters", {}))
    values = question["values"] if "values" in question else [float(line) for line in open(question["path"])]
    drifts, warned = [], []
    warns = hasattr(detector, "warning_detected")
    started, cpu_before = time.perf_counter(), time.process_time()
    for index, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(index)
        if warns and detector.warning_detected:
            warned.append(index)
    return {"drifts": drifts, "warnings": warned, "seconds": time.perf_counter() - started, "cpuSeconds": time.process_time() - cpu_before}


ANSWERS = {"special": special, "evidently-column": evidently_column, "evidently-preset": evidently_preset, "river": river_detector}

json.dump([plain(ANSWERS[question["ask"]](question)) for question in json.load(sys.stdin)], sys.stdout)
