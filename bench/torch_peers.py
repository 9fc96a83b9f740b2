"""The PyTorch side of `make bench-peers`: waits for orders on stdin and times one row at a time.

Orders, one a line, answered by one line each:
  prepare<TAB>row<TAB>seconds   builds the row, warms it up, picks how many calls make a sample -> "ready" or "unknown"
  sample                        one sample of the row prepared last                            -> seconds a call
  peak<TAB>row<TAB>calls        builds the row and calls it so many times                      -> most bytes in memory
The first line printed says what is measured. Rows carry the names that the C# side gives them.
"""
import ctypes
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

THREADS = int(sys.argv[1])
# On one thread processor time, which other processes disturb least; else the time on the wall. As PairedRuns.cs does.
now = time.process_time if THREADS == 1 else time.perf_counter
ROWS = {}


def row(name):
    def keep(build):
        ROWS[name] = build
        return build
    return keep


def leaf(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


def training_step(optimizer, loss):
    def step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()
    return step


def forward_backward(leaves, loss):
    """Gradients of all leaves, without an optimizer."""
    leaves = list(leaves)

    def run():
        for x in leaves:
            x.grad = None
        loss().backward()
    return run


def without_gradient(function):
    def run():
        with torch.no_grad():
            function()
    return run


# ---------------------------------------------------------------- tables

def embedding(rows, width, batch):
    table = nn.Embedding(rows, width, sparse=True)
    ids = torch.randint(rows, (batch,))
    optimizer = torch.optim.SparseAdam(list(table.parameters()), 1e-3)
    return training_step(optimizer, lambda: table(ids).sum())


@row("embedding and sparse Adam, 4,096 of 100,000 × 64")
def _():
    return embedding(100_000, 64, 4096)


def output_layer(classes):
    queries, table = leaf(256, 64), leaf(classes, 64, scale=0.1)
    targets = torch.randint(classes, (256,))
    return forward_backward([queries, table], lambda: F.cross_entropy(queries @ table.t(), targets))


@row("output layer and cross-entropy, 256 × 64, 10,000 classes")
def _():
    return output_layer(10_000)


@row("output layer and cross-entropy, 256 × 64, 50,000 classes")
def _():
    return output_layer(50_000)


# ---------------------------------------------------------------- number by number

@row("dropout 0.2, 1M numbers, forward")
def _():
    x = torch.randn(1 << 20)
    return without_gradient(lambda: F.dropout(x, 0.2, True))


@row("dropout 0.2, 1M numbers, forward and backward")
def _():
    x = leaf(1 << 20)
    return forward_backward([x], lambda: F.dropout(x, 0.2, True).sum())


@row("tanh, 1M numbers, forward")
def _():
    x, y = torch.randn(1 << 20), torch.empty(1 << 20)
    return without_gradient(lambda: torch.tanh(x, out=y))


@row("tanh, 1M numbers, forward and backward")
def _():
    x = leaf(1 << 20)
    return forward_backward([x], lambda: torch.tanh(x).sum())


@row("layer norm, 16,384 × 64, forward")
def _():
    norm, x = nn.LayerNorm(64), torch.randn(16_384, 64)
    return without_gradient(lambda: norm(x))


@row("layer norm, 16,384 × 64, forward and backward")
def _():
    norm, x = nn.LayerNorm(64), leaf(16_384, 64)
    return forward_backward([x, *norm.parameters()], lambda: norm(x).sum())


# ---------------------------------------------------------------- whole networks

def mlp(batch, *sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    x, y = torch.randn(batch, sizes[0]), torch.rand(batch, sizes[-1]).round()
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    return training_step(optimizer, lambda: F.binary_cross_entropy_with_logits(net(x), y))


@row("network 13-64-32-1, batch 256, Adam step")
def _():
    return mlp(256, 13, 64, 32, 1)


@row("network 429-256-128-64-1, batch 1,024, Adam step")
def _():
    return mlp(1024, 429, 256, 128, 64, 1)


class Block(nn.Module):
    """Pre-norm, causal; queries, keys and values in one product, which suits PyTorch best."""

    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x, mask):
        batch, length, width = x.shape
        part = width // self.heads
        q, k, v = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, part).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * part ** -0.5 + mask, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(batch, length, width))
        return x + self.outer(F.gelu(self.inner(self.norm2(x))))


def causal_mask(length):
    return torch.full((length, length), float("-inf")).triu(1)


def attention_block(batch, length, width, heads, inner):
    block, x, mask = Block(width, heads, inner), leaf(batch, length, width), causal_mask(length)
    return forward_backward([x, *block.parameters()], lambda: block(x, mask).sum())


@row("attention block, 128 × 50 × 64, 2 heads, inner 64, forward and backward")
def _():
    return attention_block(128, 50, 64, 2, 64)


@row("attention block, 128 × 50 × 64, 2 heads, inner 256, forward and backward")
def _():
    return attention_block(128, 50, 64, 2, 256)


@row("batched product, 256 of 50 × 50 × 32, second transposed")
def _():
    x, y = torch.randn(256, 50, 32), torch.randn(256, 50, 32)
    return without_gradient(lambda: torch.bmm(x, y.transpose(1, 2)))


@row("batched product, 256 of 50 × 32 × 50")
def _():
    x, y = torch.randn(256, 50, 50), torch.randn(256, 50, 32)
    return without_gradient(lambda: torch.bmm(x, y))


def recurrent(kind):
    layer, x = kind(128, 128, batch_first=True), leaf(128, 50, 128)
    return forward_backward([x, *layer.parameters()], lambda: layer(x)[0].sum())


@row("LSTM, 128 × 50 × 128, hidden 128, forward and backward")
def _():
    return recurrent(nn.LSTM)


@row("GRU, 128 × 50 × 128, hidden 128, forward and backward")
def _():
    return recurrent(nn.GRU)


def pictures(layout):
    net = nn.Sequential(nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 4 * 4, 64), nn.ReLU(), nn.Linear(64, 10))
    x, kinds = torch.randn(64, 3, 32, 32), torch.arange(64) % 10
    return net.to(memory_format=layout), x.contiguous(memory_format=layout), kinds


def pictures_forward(layout):
    net, x, _ = pictures(layout)
    return without_gradient(lambda: net(x))


def pictures_step(layout):
    net, x, kinds = pictures(layout)
    return training_step(torch.optim.Adam(net.parameters(), 1e-3), lambda: F.cross_entropy(net(x), kinds))


def depthwise(layout):
    layer = nn.Conv2d(96, 96, 3, padding=1, groups=96).to(memory_format=layout)
    return layer, torch.randn(64, 96, 32, 32).contiguous(memory_format=layout)


def depthwise_forward(layout):
    layer, x = depthwise(layout)
    return without_gradient(lambda: layer(x))


def depthwise_step(layout):
    layer, x = depthwise(layout)
    x.requires_grad_()
    return forward_backward([x, *layer.parameters()], lambda: layer(x).sum())


for title, layout in (("first", torch.contiguous_format), ("last", torch.channels_last)):
    row(f"convolution network, 64 pictures, forward, channels {title} there")(lambda layout=layout: pictures_forward(layout))
    row(f"convolution network, 64 pictures, Adam step, channels {title} there")(lambda layout=layout: pictures_step(layout))
    row(f"depthwise convolution, 3 × 3, 64 × 96 × 32 × 32, forward, channels {title} there")(lambda layout=layout: depthwise_forward(layout))
    row(f"depthwise convolution, 3 × 3, 64 × 96 × 32 × 32, forward and backward, channels {title} there")(
        lambda layout=layout: depthwise_step(layout))


# ---------------------------------------------------------------- one request

@row("one request: GRU step, input and hidden 128")
def _():
    layer, x, hidden = nn.GRU(128, 128, batch_first=True), torch.randn(1, 1, 128), torch.zeros(1, 1, 128)
    return without_gradient(lambda: layer(x, hidden))


@row("one request: attention block, length 50, width 64")
def _():
    block, x, mask = Block(64, 2, 64), torch.randn(1, 50, 64), causal_mask(50)
    return without_gradient(lambda: block(x, mask))


@row("one request: top 20 of 50,000 × 64")
@row("one request: top 20 of 50,000 × 64, without an index here")
def _():
    table, query = torch.randn(50_000, 64), torch.randn(64)
    return without_gradient(lambda: torch.topk(table @ query, 20))


@row("one request: network 64-128-64-1")
def _():
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
    x = torch.randn(1, 64)
    return without_gradient(lambda: net(x))


# ---------------------------------------------------------------- the loop

def describe():
    try:
        blas = ctypes.CDLL("libopenblas.so.0")
        blas.openblas_get_config.restype = ctypes.c_char_p
        blas = blas.openblas_get_config().decode()
    except OSError:
        blas = "BLAS of unknown kind"
    return f"PyTorch {torch.__version__}, {blas}, {torch.get_num_threads()} thread(s)"


def calls_in(operation, seconds):
    """Warms up for half a second, then says how many calls take the seconds asked for."""
    start, count = now(), 0
    while count < 3 or (now() - start < 0.5 and count < 20_000):
        operation()
        count += 1
    start = now()
    for _ in range(3):
        operation()
    return max(1, round(3 * seconds / max(now() - start, 1e-9)))


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    print(describe(), flush=True)
    operation, calls = None, 0
    for line in sys.stdin:
        order, *arguments = line.rstrip("\n").split("\t")
        if order == "prepare":
            build = ROWS.get(arguments[0])
            operation = build() if build else None
            calls = calls_in(operation, float(arguments[1])) if operation else 0
            print("ready" if operation else "unknown", flush=True)
        elif order == "peak":
            operation = ROWS[arguments[0]]()
            for _ in range(int(arguments[1])):
                operation()
            print(peak_bytes(), flush=True)
        else:
            start = now()
            for _ in range(calls):
                operation()
            print(repr((now() - start) / calls), flush=True)


main()
