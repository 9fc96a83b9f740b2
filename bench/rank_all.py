"""Starts run_sasrec.py, and where it measures a model among 100 random items, ranks all items too.

    /usr/bin/python3 rank_all.py <run_sasrec.py> <checkout> <arguments of run_sasrec.py>

As our own evaluation: the last item of each user is to be found, items of the history are no candidates, ties count
against the model. Prints a JSON line with 95 % bootstrap intervals over users.
"""
import json
import os
import runpy
import sys

script, checkout = sys.argv[1:3]
sys.path.insert(0, os.path.join(os.path.abspath(checkout), "python"))

import numpy as np
import torch
import utils

CUTOFF = 10
among_hundred = utils.evaluate


def estimate(values):
    values, random = np.array(values), np.random.RandomState(1)
    means = [values[random.randint(0, len(values), len(values))].mean() for _ in range(1000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return {"value": float(values.mean()), "low": float(low), "high": float(high)}


def among_all(model, dataset, args):
    train, valid, test, user_count, _ = dataset
    tested = [user for user in range(1, user_count + 1) if test[user]]
    recall, ndcg = [], []
    for start in range(0, len(tested), 64):
        users = tested[start:start + 64]
        histories = [train[user] + valid[user] for user in users]
        sequences = np.zeros((len(users), args.maxlen), dtype=np.int64)
        for row, history in zip(sequences, histories):
            latest = history[-args.maxlen:]
            row[-len(latest):] = latest
        scores = model.log2feats(sequences)[:, -1, :] @ model.item_emb.weight.T
        scores[:, 0] = -torch.inf
        for row, user, history in zip(scores, users, histories):
            target = test[user][0]
            score = row[target].item()
            row[history] = -torch.inf
            rank = int((row >= score).sum()) + (target in history) * len(row)
            recall.append(float(rank <= CUTOFF))
            ndcg.append(1 / np.log2(rank + 1) if rank <= CUTOFF else 0.0)
    print(json.dumps({f"recall@{CUTOFF}": estimate(recall), f"ndcg@{CUTOFF}": estimate(ndcg)}), file=sys.__stdout__, flush=True)
    return among_hundred(model, dataset, args)


utils.evaluate = among_all
sys.argv = [script, checkout, *sys.argv[3:]]
runpy.run_path(script, run_name="__main__")
