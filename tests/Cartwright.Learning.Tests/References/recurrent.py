"""Writes what PyTorch says of recurrent layers, for RecurrentReferenceTests.cs, and of other layers and losses over sequences, for SequenceReferenceTests.cs.

    /usr/bin/python3 recurrent.py        (Debian: apt-get install python3-torch)
"""
import math

import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from make_references import case, draw, layer, write

OFFSETS = [0, 4, 5, 11, 13]          # lengths 4, 1, 6, 2: not sorted


def rows(hidden, *tensors):
    """Outputs and final states one under the other."""
    return torch.cat([t.reshape(-1, hidden) for t in tensors])


def recurrent(kind, inputs, hidden, layers=1, bidirectional=False, has_initial=False, padded=0):
    network = {"elman": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](
        inputs, hidden, layers, batch_first=True, bidirectional=bidirectional)
    lengths = [end - start for start, end in zip(OFFSETS, OFFSETS[1:])]
    weights = {name: draw(*weight.shape, scale=0.6) for name, weight in network.named_parameters()}
    state = (layers * (2 if bidirectional else 1), len(lengths), hidden)
    given = {"x": draw(len(lengths), padded, inputs) if padded else draw(OFFSETS[-1], inputs)}
    if has_initial:
        given["hidden"] = draw(*state)
        if kind == "lstm":
            given["memory"] = draw(*state)

    def compute(**w):
        # The sequences as a batch that is filled up, which is how PyTorch wants them.
        x = w["x"] if padded else pad_sequence([w["x"][a:b] for a, b in zip(OFFSETS, OFFSETS[1:])], batch_first=True)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        initial = None
        if has_initial:
            initial = (w["hidden"], w["memory"]) if kind == "lstm" else w["hidden"]
        network._flat_weights = [w[name] for name in network._flat_weights_names]      # where its forward takes them from
        output, final = network(packed, initial)
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=padded or None)
        if not padded:
            output = torch.cat([output[s, :length] for s, length in enumerate(lengths)])
        return rows(hidden, output, *(final if kind == "lstm" else [final]))

    return case({**given, **weights}, compute, offsets=OFFSETS, lengths=lengths)


def sequences_of(x):
    return [x[start:end] for start, end in zip(OFFSETS, OFFSETS[1:])]


def turn(x):
    """Rotary positions of one head of one sequence, by complex numbers: pair i is the numbers i and i + pairs."""
    pairs = x.shape[1] // 2
    angles = torch.arange(len(x))[:, None] * 10000.0 ** (-torch.arange(pairs) / pairs)
    turned = torch.complex(x[:, :pairs], x[:, pairs:]) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], 1)


def rotary_attention(w, heads, causal):
    def dense(name, x):
        return F.linear(x, w[name + ".weight"], w[name + ".bias"])
    sequences = []
    for x in sequences_of(w["x"]):
        parts = []
        for q, k, v in zip(*(dense(name, x).chunk(heads, 1) for name in ("query", "key", "value"))):
            scores = turn(q) @ turn(k).T / math.sqrt(q.shape[1])
            if causal:
                scores = scores.masked_fill(torch.triu(torch.ones_like(scores), 1).bool(), -math.inf)
            parts.append(torch.softmax(scores, -1) @ v)
        sequences.append(torch.cat(parts, 1))
    return dense("output", torch.cat(sequences))


def pooling(w):
    means = []
    for x in sequences_of(w["x"]):
        scores = torch.tanh(F.linear(x, w["inner.weight"], w["inner.bias"])) @ w["score.weight"].T
        means.append((torch.softmax(scores, 0) * x).sum(0))
    return torch.stack(means)


def ctc(labels, blank=0, scale=1.0):
    classes, lengths = 5, [end - start for start, end in zip(OFFSETS, OFFSETS[1:])]

    def compute(logits):
        log_probabilities = F.log_softmax(pad_sequence(sequences_of(logits)), -1)
        return F.ctc_loss(log_probabilities, torch.tensor(sum(labels, [])), torch.tensor(lengths), torch.tensor([len(own) for own in labels]),
                          blank, zero_infinity=True)

    ends = [sum(len(own) for own in labels[:i]) for i in range(len(labels) + 1)]
    return case({"logits": draw(OFFSETS[-1], classes, scale=scale)}, compute, offsets=OFFSETS, labels=sum(labels, []), label_offsets=ends, blank=[blank])


def sequences():
    attention = {f"{part}.{kind}": draw(*shape, scale=0.5) for part in ("query", "key", "value", "output")
                 for kind, shape in (("weight", (8, 8)), ("bias", (8,)))}
    x = draw(OFFSETS[-1], 8)
    return {
        "rms_norm": layer({"x": draw(5, 9, scale=3)}, {"weight": draw(9)},
                          lambda w: w["x"] / torch.sqrt((w["x"] ** 2).mean(1, keepdim=True) + 1e-6) * w["weight"]),
        "rotary_causal": layer({"x": x}, attention, lambda w: rotary_attention(w, 2, True), offsets=OFFSETS),
        "rotary_full": layer({"x": x}, attention, lambda w: rotary_attention(w, 1, False), offsets=OFFSETS),
        "learned_positions": layer({"x": x}, {"weight": draw(7, 8)},
                                   lambda w: torch.cat([own + w["weight"][:len(own)] for own in sequences_of(w["x"])]), offsets=OFFSETS),
        "attention_pooling": layer({"x": x}, {"inner.weight": draw(3, 8), "inner.bias": draw(3), "score.weight": draw(1, 3)}, pooling, offsets=OFFSETS),
        "ctc": ctc([[1, 2], [4], [3, 3, 1], []]),
        "ctc_extreme": ctc([[1, 1], [4], [2, 3, 2, 1], [2]], scale=60.0),
        "ctc_other_blank": ctc([[1, 1, 1], [0, 2], [3, 0], [2, 1]], blank=4),          # the second and first do not fit
    }


if __name__ == "__main__":
    cases = {}
    for kind in ("elman", "lstm", "gru"):
        cases[kind] = recurrent(kind, 4, 9)
        cases[f"{kind}_deep"] = recurrent(kind, 4, 3, layers=2, bidirectional=True, has_initial=True)
        cases[f"{kind}_padded"] = recurrent(kind, 3, 2, bidirectional=True, padded=7)
    write("recurrent", cases, __file__)
    write("sequences", sequences(), __file__)
