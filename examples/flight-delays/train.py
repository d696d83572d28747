"""Trains a gradient boosting classifier of late flights and hands it over as ONNX.

Meets Millrace's training contract (services/training/README.md): everything it needs
arrives in environment variables, everything it makes goes to MILLRACE_OUTPUT.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads than free cores make small fits many times slower

import duckdb
import mlflow
import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

PARITY_ROWS = 200


def read_training_set(path, features):
    """Keys, one object column per feature (numbers rounded to float32 as in serving), labels and, in a weighted window, weights."""
    columns = duckdb.sql(f"SELECT * FROM read_parquet('{path}') ORDER BY _event_time, _key").fetchnumpy()

    def column(feature):
        values = np.ma.getdata(columns[feature["name"]])
        missing = np.ma.getmaskarray(columns[feature["name"]])
        if feature["type"] == "string":
            return np.where(missing, "", values).astype(object)
        return np.where(missing, np.nan, values).astype(np.float32).astype(object)

    rows = np.column_stack([column(feature) for feature in features])
    weights = np.ma.getdata(columns["_weight"]) if "_weight" in columns else None
    return columns["_key"], rows, np.ma.getdata(columns["_label"]).astype(int), weights


def build_model(features, parameters, seed):
    """Strings become ordinals (an unknown one -1) inside the model; a missing number is a branch of the trees."""
    strings = [i for i, feature in enumerate(features) if feature["type"] == "string"]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.float32)
    return make_pipeline(
        make_column_transformer((encoder, strings), remainder="passthrough"),
        HistGradientBoostingClassifier(
            max_iter=parameters["rounds"],
            learning_rate=parameters.get("learningRate", 0.1),
            early_stopping=False,
            random_state=seed,
        ),
    )


def save_as_onnx(model, features, path):
    types = {"string": StringTensorType, "double": FloatTensorType, "long": FloatTensorType}
    inputs = [(feature["name"], types[feature["type"]]([None, 1])) for feature in features]
    path.write_bytes(
        to_onnx(model, initial_types=inputs, options={"zipmap": False}, target_opset=17).SerializeToString()
    )


def main():
    output = Path(os.environ["MILLRACE_OUTPUT"])
    features = json.loads(Path(os.environ["MILLRACE_SIGNATURE"]).read_text())["inputs"]
    parameters = json.loads(Path(os.environ["MILLRACE_PARAMETERS"]).read_text())
    keys, rows, labels, weights = read_training_set(os.environ["MILLRACE_TRAINING_SET"], features)

    with mlflow.start_run():
        mlflow.log_params(parameters)
        mlflow.set_tags({"algorithm": "HistGradientBoostingClassifier", "features": len(features)})
        model = build_model(features, parameters, int(os.environ["MILLRACE_SEED"]))
        model.fit(rows, labels, histgradientboostingclassifier__sample_weight=weights)
        late = model.predict_proba(rows)[:, 1]
        mlflow.log_metrics({
            "rows": len(labels),
            "late_share": float(labels.mean()),
            "train_log_loss": float(log_loss(labels, late)),
            "train_roc_auc": float(roc_auc_score(labels, late)),
        })
        save_as_onnx(model, features, output / "model.onnx")
        sample = np.linspace(0, len(labels) - 1, min(PARITY_ROWS, len(labels))).astype(int)
        parity = [{"key": str(keys[i]), "prediction": float(late[i])} for i in sample]
        (output / "parity.json").write_text(json.dumps(parity))
        mlflow.log_dict({"features": features, "parameters": parameters}, "training-summary.json")


if __name__ == "__main__":
    main()
