"""Writes what PyTorch's nn.MultiheadAttention says of queries that look at another sequence, for CrossAttentionTests.cs.

    /usr/bin/python3 cross_attention.py        (Debian: apt-get install python3-torch)
"""
import torch
from torch.nn.utils.rnn import pad_sequence

from make_references import draw, layer, write

HIDDEN, HEADS = 8, 2
OFFSETS, CONTEXT_OFFSETS = [0, 3, 3, 4, 9], [0, 5, 7, 8, 14]      # one sequence that nobody looks from
SEEN = [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 1]


def cut(tokens, offsets):
    return [tokens[start:end] for start, end in zip(offsets, offsets[1:])]


def attend(w, seen):
    """The sequences as a batch that is filled up; what fills it, and what is not seen, is masked."""
    attention = torch.nn.MultiheadAttention(HIDDEN, HEADS, batch_first=True)
    parts = ("query", "key", "value")
    given = {"in_proj_weight": torch.cat([w[f"{part}.weight"] for part in parts]), "in_proj_bias": torch.cat([w[f"{part}.bias"] for part in parts]),
             "out_proj.weight": w["output.weight"], "out_proj.bias": w["output.bias"]}
    queries = pad_sequence(cut(w["x"], OFFSETS), batch_first=True)
    context = pad_sequence(cut(w["context"], CONTEXT_OFFSETS), batch_first=True)
    masked = ~pad_sequence(cut(torch.tensor(seen, dtype=torch.bool), CONTEXT_OFFSETS), batch_first=True)
    masked[1] = False                                               # without queries; PyTorch answers NaN where all is masked
    answers, _ = torch.nn.utils.stateless.functional_call(attention, given, (queries, context, context, masked))
    return torch.cat([answers[s, :end - start] for s, (start, end) in enumerate(zip(OFFSETS, OFFSETS[1:]))])


def cross(seen):
    weights = {f"{part}.{kind}": draw(*shape, scale=0.5) for part in ("query", "key", "value", "output")
               for kind, shape in (("weight", (HIDDEN, HIDDEN)), ("bias", (HIDDEN,)))}
    return layer({"x": draw(OFFSETS[-1], HIDDEN), "context": draw(CONTEXT_OFFSETS[-1], HIDDEN)}, weights, lambda w: attend(w, seen),
                 offsets=OFFSETS, context_offsets=CONTEXT_OFFSETS, seen=seen)


write("cross_attention", {"all_seen": cross([1] * len(SEEN)), "masked": cross(SEEN)}, __file__)
