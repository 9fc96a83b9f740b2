#!/usr/bin/python3
"""Popularity and item-knn on amazon-beauty-5core, leave one out, all products ranked: slow, plain, no code shared with the C#.

  slow_baselines.py <folder of real data>        (python3-numpy; about 40 s)

Prints recall@10 and ndcg@10, which ModelComparisonTests expects. "counting all" counts the held-out purchases too, as published figures do.
"""
import collections, csv, gzip, math, sys
import numpy as np

folder = sys.argv[1] + "/amazon-beauty-5core/shop/"
rows = lambda name: csv.DictReader(gzip.open(folder + name, "rt"))
number = {r["id"]: i for i, r in enumerate(rows("products.csv.gz"))}
shoppers = collections.OrderedDict()
for r in rows("interactions.csv.gz"):
    shoppers.setdefault(r["shopper"], []).append(number[r["product"]])
sequences = list(shoppers.values())


def measure(name, score):
    hits = gain = 0
    for s in sequences:
        history, target = s[:-1], s[-1]
        if target in history:
            continue
        scores = score(history)
        bound = scores[target]
        scores[list(set(history))] = -np.inf
        rank = int((scores >= bound).sum())               # ties count against the model
        hits += rank <= 10
        gain += rank <= 10 and 1 / math.log2(rank + 1)
    print(f"{name}: recall@10 {hits / len(sequences):.6f}, ndcg@10 {gain / len(sequences):.6f}")


def counts(steps_of):
    c = np.zeros(len(number))
    for s in sequences:
        for p in steps_of(s):
            c[p] += 1
    return c


trained, all_steps = counts(lambda s: s[:-2]), counts(lambda s: s)
measure("popularity", lambda history: trained.copy())
measure("popularity counting all", lambda history: all_steps.copy())

shrinkage, decay, kept = 10, 0.8, 200
shoppers_of, together = np.zeros(len(number)), collections.defaultdict(collections.Counter)
for s in sequences:
    basket = list(dict.fromkeys(s[:-2]))
    for a in basket:
        shoppers_of[a] += 1
        together[a].update(b for b in basket if b != a)
neighbors = {a: sorted(((n / (math.sqrt(shoppers_of[a] * shoppers_of[b]) + shrinkage), b) for b, n in c.items()),
                       key=lambda x: (-x[0], x[1]))[:kept] for a, c in together.items()}


def knn(history):
    scores, weight, seen = shoppers_of / len(sequences) * 1e-6, 1.0, set()
    for p in reversed(history):
        if p not in seen:
            seen.add(p)
            for likeness, b in neighbors.get(p, ()):
                scores[b] += weight * likeness
        weight *= decay
    return scores


measure("item-knn", knn)
