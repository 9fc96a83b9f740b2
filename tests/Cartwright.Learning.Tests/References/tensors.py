"""Writes what PyTorch says of the general tensor operations, for TensorReferenceTests.cs: tensors.json.

    /usr/bin/python3 tensors.py        (Debian: apt-get install python3-torch)
"""
import torch
import torch.nn.functional as F

from make_references import case, draw, write


def positive(*shape):
    return (draw(*shape).abs() + 0.25).float().double()


def cases():
    x, y, row, column = draw(2, 3, 4), draw(2, 3, 4), draw(4), draw(3, 1)
    ties = torch.tensor([[1.0, 3.0, 3.0, 2.0], [5.0, 5.0, 5.0, 0.0]])
    zeros = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [-2.0, 1.5, 3.0]])
    places = torch.tensor([2, 0, 2, 1])
    return {
        "add_column": case({"x": x, "y": column}, lambda x, y: x + y),
        "add_outer": case({"x": draw(3, 1), "y": draw(1, 3)}, lambda x, y: x + y),
        "add_to_row": case({"x": row, "y": x}, lambda x, y: x + y),
        "subtract_row": case({"x": x, "y": row}, lambda x, y: x - y),
        "multiply_column": case({"x": x, "y": column}, lambda x, y: x * y),
        "multiply_scalar": case({"x": x, "y": draw(1)}, lambda x, y: x * y),
        "divide": case({"x": x, "y": positive(2, 3, 4)}, lambda x, y: x / y),
        "divide_column": case({"x": x, "y": positive(3, 1)}, lambda x, y: x / y),
        "pow": case({"x": positive(2, 3, 4), "y": row}, lambda x, y: x ** y),
        "maximum": case({"x": x, "y": y}, lambda x, y: torch.maximum(x, y)),
        "maximum_ties": case({"x": ties, "y": torch.full((4,), 3.0)}, lambda x, y: torch.maximum(x, y)),
        "minimum_column": case({"x": x, "y": column}, lambda x, y: torch.minimum(x, y)),
        "exp": case({"x": x}, lambda x: x.exp()),
        "log": case({"x": positive(2, 3, 4)}, lambda x: x.log()),
        "sqrt": case({"x": positive(2, 3, 4)}, lambda x: x.sqrt()),
        "abs": case({"x": x}, lambda x: x.abs()),
        "negate": case({"x": x}, lambda x: -x),
        "erf": case({"x": draw(4, 9, scale=1.5)}, lambda x: x.erf()),
        "clip": case({"x": x}, lambda x: x.clamp(-0.5, 0.75)),
        "sum_middle": case({"x": x}, lambda x: x.sum(1)),
        "sum_ends": case({"x": x}, lambda x: x.sum((0, 2), keepdim=True)),
        "mean_last": case({"x": x}, lambda x: x.mean(-1, keepdim=True)),
        "max_first": case({"x": x}, lambda x: x.amax(0)),
        "max_ties": case({"x": ties}, lambda x: x.amax(1)),
        "min_last": case({"x": x}, lambda x: x.amin(2)),
        "prod_zeros": case({"x": zeros}, lambda x: x.prod(1)),
        "prod_middle": case({"x": x}, lambda x: x.prod(1, keepdim=True)),
        "l2": case({"x": x}, lambda x: x.norm(dim=(1, 2))),
        "transpose": case({"x": x}, lambda x: x.permute(2, 0, 1)),
        "slice_steps": case({"x": draw(7, 3)}, lambda x: x[1:6:2]),
        "slice_back": case({"x": draw(7, 3)}, lambda x: x.flip(0)[::3]),
        "concat": case({"x": x, "y": draw(2, 2, 4)}, lambda x, y: torch.cat([x, y], 1)),
        "split": case({"x": x}, lambda x: (lambda parts: parts[0] * 2 + parts[1])(x.split([2, 2], 2))),
        "pad_constant": case({"x": x}, lambda x: F.pad(x, (1, 2), value=0.5)),
        "pad_reflect": case({"x": x}, lambda x: F.pad(x, (3, 2), mode="reflect")),
        "pad_edge": case({"x": x}, lambda x: F.pad(x, (3, 2), mode="replicate")),
        "expand": case({"x": column}, lambda x: x.expand(2, 3, 4)),
        "where": case({"x": x, "y": row}, lambda x, y: torch.where(x > 0, x * 2, y)),
        "gather_middle": case({"x": x}, lambda x: x[:, places.reshape(2, 2)], places=places.tolist()),
        "gather_first": case({"x": draw(3, 5)}, lambda x: x[places], places=places.tolist()),
        "matmul_batches": case({"x": draw(2, 3, 5), "y": draw(2, 5, 4)}, lambda x, y: x @ y),
        "matmul_broadcast": case({"x": draw(2, 1, 3, 5), "y": draw(4, 6, 5)}, lambda x, y: x @ y.transpose(-1, -2)),
        "top_k": case({"x": x}, lambda x: x.topk(2, 1).values),
        "cumulative_sum": case({"x": x}, lambda x: x.cumsum(1)),
        "resize_nearest": case({"x": draw(1, 2, 3, 4)}, lambda x: F.interpolate(x, size=(7, 3), mode="nearest")),
        "resize_linear": case({"x": draw(1, 2, 3, 4)}, lambda x: F.interpolate(x, size=(7, 3), mode="bilinear", align_corners=False)),
    }


if __name__ == "__main__":
    torch.manual_seed(20251125)
    write("tensors", cases(), script=__file__)
