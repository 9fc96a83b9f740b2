"""Writes what PyTorch says of our operations, layers, losses and optimizers, for ReferenceTests.cs.

    /usr/bin/python3 make_references.py        (Debian: apt-get install python3-torch)

Inputs are exact in float32; PyTorch computes in float64, so the numbers are the truth and not another rounding of it.
Every case holds its inputs, the gradient that comes in from above ("upstream"), its output and a gradient for each input.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

torch.manual_seed(20251122)
torch.set_default_dtype(torch.float64)


def draw(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).float().double()


def tensor(values):
    return {"shape": list(values.shape), "values": [float("%.9g" % x) for x in values.detach().reshape(-1).tolist()]}


def case(inputs, compute, **ids):
    """inputs: name -> tensor; compute: the leaves -> the output. ids: integers that the operation takes as they are."""
    leaves = {name: value.clone().requires_grad_(True) for name, value in inputs.items()}
    output = compute(**leaves)
    upstream = draw(*output.shape) if output.dim() > 0 else torch.ones(())
    output.backward(upstream)
    return {
        "inputs": {name: tensor(value) for name, value in inputs.items()},
        "ids": ids,
        "upstream": tensor(upstream),
        "output": tensor(output),
        "gradients": {name: tensor(leaf.grad if leaf.grad is not None else torch.zeros_like(leaf)) for name, leaf in leaves.items()},
    }


def operations():
    x, y = draw(3, 7, scale=2), draw(3, 7, scale=2)
    extreme = torch.tensor([[1000.0, 999.0, -1000.0], [-1000.0, -1000.0, -999.0]])
    return {
        "relu": case({"x": x}, lambda x: torch.relu(x)),
        "gelu": case({"x": x}, lambda x: F.gelu(x)),
        "sigmoid": case({"x": x}, lambda x: torch.sigmoid(x)),
        "tanh": case({"x": x}, lambda x: torch.tanh(x)),
        "softplus": case({"x": x}, lambda x: F.softplus(x)),
        "softmax": case({"x": x}, lambda x: torch.softmax(x, -1)),
        "softmax_extreme": case({"x": extreme}, lambda x: torch.softmax(x, -1)),
        "log_softmax": case({"x": x}, lambda x: torch.log_softmax(x, -1)),
        "add": case({"x": x, "y": y}, lambda x, y: x + y),
        "add_row": case({"x": x, "y": draw(7)}, lambda x, y: x + y),
        "subtract": case({"x": x, "y": y}, lambda x, y: x - y),
        "multiply": case({"x": x, "y": y}, lambda x, y: x * y),
        "scale": case({"x": x}, lambda x: x * 0.375),
        "mean": case({"x": x}, lambda x: x.mean()),
        "square": case({"x": x}, lambda x: x * x),
        "concat_rows": case({"x": x, "y": draw(2, 7)}, lambda x, y: torch.cat([x, y])),
        "matmul": case({"x": draw(5, 9), "y": draw(9, 4)}, lambda x, y: x @ y),
        "matmul_transposed": case({"x": draw(5, 9), "y": draw(4, 9)}, lambda x, y: x @ y.T),
        "matmul_batched": case({"x": draw(2, 3, 9), "y": draw(9, 4)}, lambda x, y: x @ y),
        "transpose": case({"x": x}, lambda x: x.T),
        "take_rows": case({"x": draw(6, 3)}, lambda x: x[[4, 0, 4, 5]], rows=[4, 0, 4, 5]),
        "layer_norm": case({"x": draw(4, 8, scale=3), "gain": draw(8), "bias": draw(8)},
                           lambda x, gain, bias: F.layer_norm(x, [8], gain, bias, 1e-5)),
    }


def attend(q, k, v, offsets, heads, causal):
    """Every sequence and every head by itself, as the formula says."""
    size = q.shape[1] // heads
    sequences = []
    for start, end in zip(offsets, offsets[1:]):
        parts = []
        for head in range(heads):
            columns = slice(head * size, (head + 1) * size)
            scores = q[start:end, columns] @ k[start:end, columns].T / math.sqrt(size)
            if causal:
                scores = scores.masked_fill(torch.triu(torch.ones_like(scores), 1).bool(), -math.inf)
            parts.append(torch.softmax(scores, -1) @ v[start:end, columns])
        sequences.append(torch.cat(parts, 1))
    return torch.cat(sequences)


def attention_layer(x, offsets, heads, causal, w, prefix=""):
    def dense(name, x):
        return F.linear(x, w[prefix + name + ".weight"], w[prefix + name + ".bias"])
    return dense("output", attend(dense("query", x), dense("key", x), dense("value", x), offsets, heads, causal))


def layer(inputs, weights, compute, **ids):
    """As case, with weights by the names they have in our files."""
    return case({**inputs, **weights}, lambda **leaves: compute(leaves), **ids)


def layers():
    hidden, heads, offsets = 8, 2, [0, 4, 4, 5, 11]          # one sequence is empty, one has a single token
    x = draw(11, hidden)
    attention = {f"{part}.{kind}": draw(*shape, scale=0.5) for part in ("query", "key", "value", "output")
                 for kind, shape in (("weight", (hidden, hidden)), ("bias", (hidden,)))}
    block = {**{f"attention.{name}": value for name, value in attention.items()},
             "attention_norm.weight": draw(hidden), "attention_norm.bias": draw(hidden),
             "inner_norm.weight": draw(hidden), "inner_norm.bias": draw(hidden),
             "inner.weight": draw(16, hidden, scale=0.5), "inner.bias": draw(16),
             "outer.weight": draw(hidden, 16, scale=0.5), "outer.bias": draw(hidden)}

    def block_forward(w, causal):
        x = w["x"]
        norm = F.layer_norm(x, [hidden], w["attention_norm.weight"], w["attention_norm.bias"])
        x = x + attention_layer(norm, offsets, heads, causal, w, "attention.")
        norm = F.layer_norm(x, [hidden], w["inner_norm.weight"], w["inner_norm.bias"])
        inner = F.gelu(F.linear(norm, w["inner.weight"], w["inner.bias"]))
        return x + F.linear(inner, w["outer.weight"], w["outer.bias"])

    bag_ids, bag_offsets = [3, 0, 3, 5, 2], [0, 3, 3, 4, 5]
    return {
        "dense": layer({"x": draw(5, 6)}, {"weight": draw(4, 6), "bias": draw(4)}, lambda w: F.linear(w["x"], w["weight"], w["bias"])),
        "layer_norm": layer({"x": draw(5, 6, scale=3)}, {"weight": draw(6), "bias": draw(6)},
                            lambda w: F.layer_norm(w["x"], [6], w["weight"], w["bias"])),
        "embedding": layer({}, {"weight": draw(7, 4)}, lambda w: F.embedding(torch.tensor([6, 1, 1, 0]), w["weight"]), ids=[6, 1, 1, 0]),
        "embedding_bag": layer({}, {"weight": draw(7, 4)},
                               lambda w: F.embedding_bag(torch.tensor(bag_ids), w["weight"], torch.tensor(bag_offsets[:-1]), mode="mean"),
                               ids=bag_ids, offsets=bag_offsets),
        "dropout": layer({"x": draw(3, 5)}, {}, lambda w: F.dropout(w["x"], 0.5, training=False)),
        "attention_causal": layer({"x": x}, attention, lambda w: attention_layer(w["x"], offsets, heads, True, w), offsets=offsets),
        "attention_full": layer({"x": x}, attention, lambda w: attention_layer(w["x"], offsets, heads, False, w), offsets=offsets),
        "transformer_block_causal": layer({"x": x}, block, lambda w: block_forward(w, True), offsets=offsets),
        "transformer_block_full": layer({"x": x}, block, lambda w: block_forward(w, False), offsets=offsets),
    }


def sampled_softmax(queries, positives, negatives, targets, samples, added):
    losses = []
    for row, target in enumerate(targets):
        right = queries[row] @ positives[row]
        others = [queries[row] @ negatives[s] + added[s] for s, id in enumerate(samples) if id != target]
        losses.append(torch.logsumexp(torch.stack([right] + others), 0) - right)
    return torch.stack(losses).mean()


def losses():
    targets = [2, -100, 0, 4]
    table_targets = [8, 0, 3, 3]
    samples, added = [3, 5, 3, 8, 1], [-0.5, 0.25, -0.5, 0.0, 1.5]

    return {
        "cross_entropy": case({"logits": draw(4, 5, scale=2)}, lambda logits: F.cross_entropy(logits, torch.tensor(targets)), targets=targets),
        "cross_entropy_extreme": case({"logits": torch.tensor([[1000.0, 0.0, -1000.0], [-500.0, 500.0, 499.0]])},
                                      lambda logits: F.cross_entropy(logits, torch.tensor([0, 2])), targets=[0, 2]),
        "table_cross_entropy": case({"queries": draw(4, 6), "table": draw(9, 6)},
                                    lambda queries, table: F.cross_entropy(queries @ table.T, torch.tensor(table_targets)), targets=table_targets),
        "sampled_softmax": case({"queries": draw(4, 6), "positives": draw(4, 6), "negatives": draw(5, 6)},
                                lambda queries, positives, negatives: sampled_softmax(queries, positives, negatives, table_targets, samples, [0.0] * 5),
                                targets=table_targets, samples=samples),
        "sampled_softmax_corrected": {**case({"queries": draw(4, 6), "positives": draw(4, 6), "negatives": draw(5, 6)},
                                             lambda queries, positives, negatives: sampled_softmax(queries, positives, negatives, table_targets, samples, added),
                                             targets=table_targets, samples=samples), "added": added},
    }


def optimizer_case(make, steps=6, sparse=False):
    """A weight, a gradient for each step, and the weight after each step."""
    start = draw(5, 3)
    weight = start.clone().requires_grad_(True)
    optimizer = make([weight])
    gradients, weights = [], []
    for step in range(steps):
        gradient = draw(5, 3)
        if sparse:
            rows = [[0, 3], [3], [1, 3], [0], [2, 3], [1]][step]
            mask = torch.zeros(5, 1)
            mask[rows] = 1
            gradient = gradient * mask
            weight.grad = torch.sparse_coo_tensor(torch.tensor([rows]), gradient[rows], (5, 3))
        else:
            weight.grad = gradient.clone()
        optimizer.step()
        gradients.append(tensor(gradient))
        weights.append(tensor(weight))
    return {"start": tensor(start), "steps": gradients, "weights": weights}


def optimizers():
    optim = torch.optim
    return {
        "sgd": optimizer_case(lambda p: optim.SGD(p, lr=0.1)),
        "sgd_decay": optimizer_case(lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05)),
        "sgd_momentum": optimizer_case(lambda p: optim.SGD(p, lr=0.1, momentum=0.9)),
        "sgd_nesterov": optimizer_case(lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)),
        "adam": optimizer_case(lambda p: optim.Adam(p, lr=0.01)),
        "adam_decay": optimizer_case(lambda p: optim.Adam(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1)),
        "adam_w": optimizer_case(lambda p: optim.AdamW(p, lr=0.01, weight_decay=0.1)),
        "sparse_adam": optimizer_case(lambda p: optim.SparseAdam(p, lr=0.01), sparse=True),
    }


def write(name, cases, script=__file__, maker=f"PyTorch {torch.__version__}"):
    """Writes <name>.json beside the scripts, a case a line."""
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
        lines = ",\n".join(f'{json.dumps(key)}: {json.dumps(value, separators=(",", ":"))}' for key, value in cases.items())
        made_with = f"{maker}, {os.path.basename(script)}"
        file.write('{\n"made with": %s,\n%s\n}\n' % (json.dumps(made_with), lines))


if __name__ == "__main__":
    write("operations", operations())
    write("layers", layers())
    write("losses", losses())
    write("optimizers", optimizers())
