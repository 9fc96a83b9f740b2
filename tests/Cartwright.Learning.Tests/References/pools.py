"""Writes what PyTorch says of bags of rows and of adaptive pools over sequences, for PoolReferenceTests.cs.

    /usr/bin/python3 pools.py        (Debian: apt-get install python3-torch)
"""
import torch
import torch.nn.functional as F

from make_references import case, draw, write

IDS = [4, 0, 4, 5, 2, 2, 1, 3]
OFFSETS = [0, 3, 3, 4, 8]          # one bag is empty, one has an id twice


def bag(mode):
    def compute(x):
        return F.embedding_bag(torch.tensor(IDS), x, torch.tensor(OFFSETS), mode=mode, include_last_offset=True)
    return case({"x": draw(6, 5)}, compute, rows=IDS, offsets=OFFSETS)


def cases():
    return {
        "bag_mean": bag("mean"),
        "bag_sum": bag("sum"),
        "bag_max": bag("max"),
        "adaptive_max_pool1d": case({"x": draw(2, 3, 7)}, lambda x: F.adaptive_max_pool1d(x, 3)),
        "adaptive_average_pool1d": case({"x": draw(2, 3, 7)}, lambda x: F.adaptive_avg_pool1d(x, 3)),
        "global_max_pool1d": case({"x": draw(2, 3, 7)}, lambda x: F.adaptive_max_pool1d(x, 1)),
        "global_average_pool1d": case({"x": draw(2, 3, 7)}, lambda x: F.adaptive_avg_pool1d(x, 1)),
    }


if __name__ == "__main__":
    torch.manual_seed(20251127)
    write("pools", cases(), script=__file__)
