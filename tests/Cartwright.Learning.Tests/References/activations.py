"""Writes activations.json for ActivationReferenceTests.cs.

    /usr/bin/python3 activations.py
"""
import torch
import torch.nn.functional as F

from make_references import case, draw, write

torch.manual_seed(11)

if __name__ == "__main__":
    x = draw(3, 7, scale=3)
    write("activations", {
        "leaky_relu": case({"x": x}, lambda x: F.leaky_relu(x, 0.125)),
        "elu": case({"x": x}, lambda x: F.elu(x, 1.5)),
        "swish": case({"x": x}, lambda x: F.silu(x)),
        "hard_sigmoid": case({"x": x}, lambda x: F.hardsigmoid(x)),
        "hard_swish": case({"x": x}, lambda x: F.hardswish(x)),
    }, __file__)
