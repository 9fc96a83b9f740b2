"""Writes trees.json for BoostedTreesTests.cs: what scikit-learn's HistGradientBoosting predicts on the same rows.

    /usr/bin/python3 trees.py

Number columns only: its categories are split by another rule. Column 2 misses every seventh value.
"""
import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from make_references import write

ROWS, TRAIN = 360, 300


def draw():
    random = np.random.RandomState(5)
    x = random.randn(ROWS, 4).astype("f4")
    x[:, 1] = random.randint(0, 6, ROWS)
    signal = x[:, 0] + np.sin(2 * x[:, 3]) * (x[:, 1] > 2) + 0.5 * (x[:, 2] > 0)
    x[::7, 2] = np.nan
    return x, signal, random


def case(x, y, model):
    model.fit(x[:TRAIN], y[:TRAIN])
    p = model.predict_proba(x[TRAIN:]) if hasattr(model, "predict_proba") else model.predict(x[TRAIN:])
    if p.ndim == 2 and p.shape[1] == 2:
        p = p[:, 1]
    return {"targets": [float(v) for v in y[:TRAIN]], "predictions": [float(f"{v:.8g}") for v in p.ravel()]}


if __name__ == "__main__":
    x, signal, random = draw()
    settings = dict(max_iter=20, early_stopping=False, min_samples_leaf=5, max_leaf_nodes=8)
    noisy = signal + 0.3 * random.randn(ROWS)
    count = random.poisson(np.exp(0.5 * signal))
    three = np.digitize(noisy, [-0.5, 1.0])
    columns = {f"column{i}": [None if np.isnan(v) else float(f"{v:.9g}") for v in x[:, i]] for i in range(4)}
    write("trees", {
        "rows": columns,
        "squared": case(x, noisy.astype("f4"), HistGradientBoostingRegressor(**settings)),
        "shrunk": case(x, noisy.astype("f4"), HistGradientBoostingRegressor(l2_regularization=2.0, **settings)),
        "coarse": case(x, noisy.astype("f4"), HistGradientBoostingRegressor(max_bins=16, **settings)),
        "quantile": case(x, noisy.astype("f4"), HistGradientBoostingRegressor(loss="quantile", quantile=0.8, **settings)),
        "poisson": case(x, count, HistGradientBoostingRegressor(loss="poisson", **settings)),
        "two": case(x, (noisy > 0.4).astype(int), HistGradientBoostingClassifier(**settings)),
        "three": case(x, three, HistGradientBoostingClassifier(**settings)),
    }, __file__, maker=f"scikit-learn {sklearn.__version__}")
