"""Times the operations of TorchPeers.cs in PyTorch: one line with its version, then name, tab, milliseconds."""
import sys
import time

import torch
import torch.nn.functional as F

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
torch.manual_seed(1)
TOKENS, HIDDEN, ITEMS, ROWS, SEQUENCES = 2304, 64, 12101, 512, 256


# As in Measured.cs: on one thread the processor time of this thread, else the time on the wall.
now = time.thread_time if THREADS == 1 else time.perf_counter


def measure(name, operation):
    """The shortest of many short samples, as Measured.cs takes it."""
    start = now()
    count = 0
    while count < 3 or now() - start < 0.5:
        operation()
        count += 1
    calls = max(1, int(0.002 * count / max(now() - start, 1e-9)))
    best = float("inf")
    begin = now()
    samples = 0
    while samples < 5 or now() - begin < 1.2:
        start = now()
        for _ in range(calls):
            operation()
        best = min(best, (now() - start) / calls)
        samples += 1
    print(f"{name}\t{best * 1000:.6f}", flush=True)


def forward_backward(function, *inputs):
    def run():
        y = function(*inputs)
        torch.autograd.grad(y, inputs, y.detach())
    return run


def leaf(*shape):
    return (torch.rand(*shape) - 0.5).requires_grad_()


def attention(lengths):
    """As a plain PyTorch model has it: padded to the longest, masked, three calls."""
    longest = max(lengths)
    mask = torch.full((longest, longest), float("-inf")).triu(1)
    padding = torch.arange(longest)[None, :] >= torch.tensor(lengths)[:, None]
    mask = mask[None] + torch.zeros(len(lengths), 1, longest).masked_fill(padding[:, None, :], float("-inf"))
    mask[:, range(longest), range(longest)] = 0.0
    q, k, v = (leaf(len(lengths), longest, HIDDEN) for _ in range(3))
    scale = HIDDEN ** -0.5

    def function(q, k, v):
        scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale)
        return torch.bmm(F.softmax(scores, dim=-1), v)
    return forward_backward(function, q, k, v)


print(f"Peer: PyTorch {torch.__version__} (Debian's python3-torch 1.13.1), {THREADS} thread(s)")

measure("layer norm, 2304 × 64", forward_backward(
    lambda x, g, b: F.layer_norm(x, (HIDDEN,), g, b), leaf(TOKENS, HIDDEN), leaf(HIDDEN), leaf(HIDDEN)))

targets = torch.randint(ITEMS, (ROWS,))
logits = leaf(ROWS, ITEMS)


def cross_entropy():
    torch.autograd.grad(F.cross_entropy(logits, targets), logits)


measure("softmax cross-entropy, 512 × 12101", cross_entropy)
measure("attention, causal, 256 × 50 × 64, 1 head", attention([50] * SEQUENCES))
measure("attention, causal, 256 lengths of 1 to 17, 64, 1 head", attention([1 + s * 7 % 17 for s in range(SEQUENCES)]))

table = leaf(ITEMS, HIDDEN)
table.grad = torch.rand(ITEMS, HIDDEN)
adam = torch.optim.Adam([table], lr=1e-5)
measure("Adam, 12101 × 64", adam.step)

ids = torch.randint(ITEMS, (TOKENS,))
measure("embedding, 2304 of 12101 × 64", forward_backward(lambda t: F.embedding(ids, t), leaf(ITEMS, HIDDEN)))
measure("GELU, 2304 × 256", forward_backward(F.gelu, leaf(TOKENS, 4 * HIDDEN)))
measure("dropout 0.2, 2304 × 256", forward_backward(lambda x: F.dropout(x, 0.2), leaf(TOKENS, 4 * HIDDEN)))
