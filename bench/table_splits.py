"""The scikit-learn side of `table-splits` and `tree-splits`: makes a seeded split and measures boosted trees and a linear model on it.

table_splits.py <csv[.gz]> <target> <id or -> <seed> <share> <csv to write>
Writes the table with a column "part" and prints one JSON object: metric, and for each model its value and the processor seconds of its fit.
Beside it, in files of float32: .x with the encoded columns one after the other, .y with the targets, .part with 1 for rows that are tested.
Classes are split alike. Categories are codes that the trees know to be categories, and ones for the linear model.
"""
import csv
import gzip
import json
import math
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import mean_squared_error, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def number(cell):
    try:
        return float(cell) if cell.strip() else math.nan
    except ValueError:
        return None


path, target, name, seed, share, to = sys.argv[1:7]
seed, share = int(seed), float(share)
with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
    header, *rows = csv.reader(file)
labels = [row[header.index(target)] for row in rows]
is_class = any(number(label) is None for label in labels) or len(set(labels)) == 2
train, test = train_test_split(np.arange(len(rows)), test_size=share, random_state=seed, stratify=labels if is_class else None)

tested = set(test)
with open(to, "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow([*header, "part"])
    writer.writerows([*row, "test" if i in tested else "train"] for i, row in enumerate(rows))

numbers, categories = [], []
for column, title in enumerate(header):
    if title not in (target, name):
        cells = [row[column] for row in rows]
        parsed = [number(cell) for cell in cells]
        if None in parsed:
            codes = {cell: code for code, cell in enumerate(sorted(set(cells)))}
            categories.append([codes[cell] for cell in cells])
        else:
            numbers.append(parsed)
numbers = np.array(numbers, dtype=float).reshape(len(numbers), len(rows)).T
categories = np.array(categories, dtype=float).reshape(len(categories), len(rows)).T
x = np.hstack([numbers, categories])
y = np.array([sorted(set(labels)).index(label) for label in labels]) if is_class else np.array([float(label) for label in labels])
masks = {"hist-gradient-boosting": None, "hist-gradient-boosting, categories": [False] * numbers.shape[1] + [True] * categories.shape[1]}

answer = {"metric": "auc" if is_class else "rmse", "models": {}}


def measure(title, model, x):
    start = time.process_time()
    model.fit(x[train], y[train])
    seconds = time.process_time() - start
    value = roc_auc_score(y[test], model.predict_proba(x[test])[:, 1]) if is_class else math.sqrt(mean_squared_error(y[test], model.predict(x[test])))
    answer["models"][title] = {"value": value, "seconds": seconds}


trees = HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor
for title, mask in masks.items():
    measure(title, trees(categorical_features=mask, random_state=seed), x)
filled = np.where(np.isnan(numbers), np.nanmean(numbers[train], axis=0, keepdims=True), numbers) if numbers.shape[1] else numbers
ones = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(categories[train]).transform(categories) if categories.shape[1] else categories
scaled = np.hstack([StandardScaler().fit(filled[train]).transform(filled) if numbers.shape[1] else filled, ones])
measure("logistic regression" if is_class else "ridge", LogisticRegression(max_iter=2_000) if is_class else RidgeCV(np.logspace(-3, 3, 7)), scaled)

# What `tree-splits` learns from too: the same columns, 100 rounds, no stopping early.
measure("trees, 100 rounds", trees(categorical_features=masks["hist-gradient-boosting, categories"], max_iter=100, early_stopping=False, random_state=seed), x)
part = np.zeros(len(rows))
part[test] = 1
for ending, values in ((".x", x.T), (".y", y), (".part", part)):
    np.ascontiguousarray(values, dtype="<f4").tofile(to + ending)
answer["numbers"], answer["categories"] = numbers.shape[1], [int(column.max()) + 1 for column in categories.T]
print(json.dumps(answer))
