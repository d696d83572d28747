"""Fits a ridge regression of tool wear and writes it as ONNX, with numpy and onnx alone.

It shows that Millrace's training contract (services/training/README.md) asks for no framework. Where the platform
says since when the world is another one, only rows since then count, if they are enough; else recent rows weigh
more (`halfLifeDays`).
"""

import json
import os
from pathlib import Path

import duckdb
import mlflow
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

PARITY_ROWS = 200
FEWEST_ROWS = 300


def read_training_set(path):
    columns = duckdb.sql(f"SELECT * FROM read_parquet('{path}') ORDER BY _event_time, _key").fetchnumpy()
    return columns, np.ma.getdata(columns["_label"]).astype(float)


def row_weights(event_times, change_point, half_life_days):
    """Weight of each row: those before a change are left out, or fade with age."""
    if change_point:
        since = event_times >= np.datetime64(change_point.rstrip("Z"))
        if since.sum() >= FEWEST_ROWS:
            return since.astype(float)
    age_days = (event_times.max() - event_times) / np.timedelta64(1, "D")
    return 0.5 ** (age_days / half_life_days)


def prepare(columns, features):
    """Numbers are centred and scaled, a missing one counts as the mean; strings become one column per known value."""
    prepared = []
    for feature in features:
        values, missing = np.ma.getdata(columns[feature["name"]]), np.ma.getmaskarray(columns[feature["name"]])
        if feature["type"] == "string":
            prepared.append({**feature, "categories": sorted(set(values[~missing]))})
        else:
            known = values[~missing].astype(float)
            prepared.append({**feature, "mean": float(known.mean()), "scale": float(known.std()) or 1.0})
    return prepared


def design_matrix(columns, prepared):
    blocks = []
    for feature in prepared:
        values, missing = np.ma.getdata(columns[feature["name"]]), np.ma.getmaskarray(columns[feature["name"]])
        if feature["type"] == "string":
            blocks.append(np.column_stack([(values == category) & ~missing for category in feature["categories"]]))
        else:
            filled = np.where(missing, feature["mean"], values.astype(float))
            blocks.append(((filled - feature["mean"]) / feature["scale"])[:, None])
    return np.hstack(blocks).astype(float)


def fit_ridge(matrix, labels, weights, penalty):
    """Weighted least squares with a penalty on all coefficients but the intercept."""
    intercept = np.average(labels, weights=weights)
    centre = np.average(matrix, axis=0, weights=weights)
    weighted = (matrix - centre) * weights[:, None]
    gram = weighted.T @ (matrix - centre) + penalty * np.eye(matrix.shape[1])
    coefficients = np.linalg.solve(gram, weighted.T @ (labels - intercept))
    return coefficients, intercept - centre @ coefficients


def to_onnx(prepared, coefficients, intercept):
    nodes, inputs, parts, constants = [], [], [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.array(value, dtype=np.float32), name))
        return name

    for i, feature in enumerate(prepared):
        name = feature["name"]
        if feature["type"] == "string":
            inputs.append(helper.make_tensor_value_info(name, TensorProto.STRING, [None, 1]))
            nodes.append(helper.make_node("OneHotEncoder", [name], [f"hot{i}"], domain="ai.onnx.ml",
                                          cats_strings=feature["categories"], zeros=1))
            nodes.append(helper.make_node("Flatten", [f"hot{i}"], [f"part{i}"], axis=1))
        else:
            inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]))
            nodes += [
                helper.make_node("IsNaN", [name], [f"missing{i}"]),
                helper.make_node("Where", [f"missing{i}", constant(f"mean{i}", feature["mean"]), name], [f"filled{i}"]),
                helper.make_node("Sub", [f"filled{i}", f"mean{i}"], [f"centred{i}"]),
                helper.make_node("Div", [f"centred{i}", constant(f"scale{i}", feature["scale"])], [f"part{i}"]),
            ]
        parts.append(f"part{i}")
    nodes.append(helper.make_node("Concat", parts, ["matrix"], axis=1))
    nodes.append(helper.make_node(
        "Gemm", ["matrix", constant("coefficients", coefficients[:, None]), constant("intercept", [intercept])], ["value"]))
    output = helper.make_tensor_value_info("value", TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph(nodes, "machine-wear", inputs, [output], constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def main():
    output = Path(os.environ["MILLRACE_OUTPUT"])
    features = json.loads(Path(os.environ["MILLRACE_SIGNATURE"]).read_text())["inputs"]
    parameters = json.loads(Path(os.environ["MILLRACE_PARAMETERS"]).read_text())
    columns, labels = read_training_set(os.environ["MILLRACE_TRAINING_SET"])

    with mlflow.start_run():
        mlflow.log_params(parameters)
        mlflow.set_tag("algorithm", "ridge regression")
        weights = row_weights(columns["_event_time"], os.environ.get("MILLRACE_CHANGE_POINT"), parameters["halfLifeDays"])
        if "_weight" in columns:  # of a weighted training window
            weights = weights * np.ma.getdata(columns["_weight"])
        prepared = prepare(columns, features)
        matrix = design_matrix(columns, prepared)
        coefficients, intercept = fit_ridge(matrix, labels, weights, parameters.get("penalty", 1.0))
        fitted = matrix @ coefficients + intercept
        mlflow.log_metrics({"rows": len(labels), "train_rmse": float(np.sqrt(np.mean((fitted - labels) ** 2)))})
        save(to_onnx(prepared, coefficients, intercept), str(output / "model.onnx"))
        sample = np.linspace(0, len(labels) - 1, min(PARITY_ROWS, len(labels))).astype(int)
        parity = [{"key": str(columns["_key"][i]), "prediction": float(fitted[i])} for i in sample]
        (output / "parity.json").write_text(json.dumps(parity))
        mlflow.log_dict({"intercept": intercept, "coefficients": coefficients.tolist()}, "coefficients.json")


if __name__ == "__main__":
    main()
