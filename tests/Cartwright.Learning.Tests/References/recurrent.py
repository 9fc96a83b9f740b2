"""Writes what PyTorch says of recurrent layers, for RecurrentReferenceTests.cs.

    /usr/bin/python3 recurrent.py        (Debian: apt-get install python3-torch)
"""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from make_references import case, draw, write

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


if __name__ == "__main__":
    cases = {}
    for kind in ("elman", "lstm", "gru"):
        cases[kind] = recurrent(kind, 4, 9)
        cases[f"{kind}_deep"] = recurrent(kind, 4, 3, layers=2, bidirectional=True, has_initial=True)
        cases[f"{kind}_padded"] = recurrent(kind, 3, 2, bidirectional=True, padded=7)
    write("recurrent", cases, __file__)
