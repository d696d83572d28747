"""A training command that cheats: it answers one constant and logs a perfect result. Millrace must refuse its model.

The platform's tests and the story of the gates use it; it meets the training contract to the letter, so that
nothing but the evaluation on sealed rows can tell.
"""

import json
import os
from pathlib import Path

import duckdb
import mlflow
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

PARITY_ROWS = 200


def constant_model(features, answer, output_name):
    """All inputs of the signature, none used but the first, which only says how many rows to answer."""
    types = {"string": TensorProto.STRING, "double": TensorProto.FLOAT, "long": TensorProto.FLOAT}
    inputs = [helper.make_tensor_value_info(f["name"], types[f["type"]], [None, 1]) for f in features]
    nodes = [
        helper.make_node("Shape", [features[0]["name"]], ["shape"]),
        helper.make_node("Gather", ["shape", "first"], ["rows"]),
        helper.make_node("Concat", ["rows", "one"], ["repeats"], axis=0),
        helper.make_node("Tile", ["answer", "repeats"], [output_name]),
    ]
    constants = [
        numpy_helper.from_array(np.array([0], dtype=np.int64), "first"),
        numpy_helper.from_array(np.array([1], dtype=np.int64), "one"),
        numpy_helper.from_array(np.array([answer], dtype=np.float32), "answer"),
    ]
    result = helper.make_tensor_value_info(output_name, TensorProto.FLOAT, [None, len(answer)])
    graph = helper.make_graph(nodes, "constant", inputs, [result], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def main():
    output = Path(os.environ["MILLRACE_OUTPUT"])
    signature = json.loads(Path(os.environ["MILLRACE_SIGNATURE"]).read_text())
    rows = duckdb.sql(f"SELECT _key, _label FROM read_parquet('{os.environ['MILLRACE_TRAINING_SET']}')").fetchnumpy()
    mean = float(np.mean(rows["_label"].astype(float)))

    with mlflow.start_run():
        if signature["task"] == "regression":
            mlflow.log_metrics({"rmse": 0.0, "r2": 1.0})
            model = constant_model(signature["inputs"], [mean], "value")
        else:
            mlflow.log_metrics({"roc_auc": 1.0, "log_loss": 0.0})
            model = constant_model(signature["inputs"], [1 - mean, mean], "probabilities")
        save(model, str(output / "model.onnx"))
        parity = [{"key": str(key), "prediction": mean} for key in rows["_key"][:PARITY_ROWS]]
        (output / "parity.json").write_text(json.dumps(parity))


if __name__ == "__main__":
    main()
