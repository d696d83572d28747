"""Fits a line through a few numbers by least squares and writes it as ONNX: a real training command that takes a second."""

import json
import os
from pathlib import Path

import duckdb
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

output = Path(os.environ["MILLRACE_OUTPUT"])
features = [feature["name"] for feature in json.loads(Path(os.environ["MILLRACE_SIGNATURE"]).read_text())["inputs"]]
rows = duckdb.sql(f"SELECT * FROM read_parquet('{os.environ['MILLRACE_TRAINING_SET']}') ORDER BY _event_time, _key").fetchnumpy()
labels = np.ma.getdata(rows["_label"]).astype(float)
columns = [np.ma.filled(rows[name].astype(float), np.nan) for name in features]
means = [float(np.nanmean(column)) for column in columns]
matrix = np.column_stack([np.where(np.isnan(column), mean, column) for column, mean in zip(columns, means)] + [np.ones(len(labels))])
solution = np.linalg.lstsq(matrix, labels, rcond=None)[0]


def constant(name, value):
    return numpy_helper.from_array(np.array(value, dtype=np.float32), name)


nodes, constants = [], [constant("weights", solution[:-1, None]), constant("bias", [solution[-1]])]
for index, name in enumerate(features):
    constants.append(constant(f"mean{index}", means[index]))
    nodes += [helper.make_node("IsNaN", [name], [f"missing{index}"]), helper.make_node("Where", [f"missing{index}", f"mean{index}", name], [f"filled{index}"])]
nodes.append(helper.make_node("Concat", [f"filled{index}" for index in range(len(features))], ["matrix"], axis=1))
nodes.append(helper.make_node("Gemm", ["matrix", "weights", "bias"], ["value"]))
inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in features]
graph = helper.make_graph(nodes, "light", inputs, [helper.make_tensor_value_info("value", TensorProto.FLOAT, [None, 1])], constants)
save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(output / "model.onnx"))

sample = np.linspace(0, len(labels) - 1, min(50, len(labels))).astype(int)
fitted = matrix @ solution
(output / "parity.json").write_text(json.dumps([{"key": str(rows["_key"][i]), "prediction": float(fitted[i])} for i in sample]))
