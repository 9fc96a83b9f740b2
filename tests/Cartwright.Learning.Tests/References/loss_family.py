"""Writes loss_family.json for LossReferenceTests.cs: losses as PyTorch has them, or by their formula where it has none.

    /usr/bin/python3 loss_family.py
"""
import torch
import torch.nn.functional as F

from make_references import case, draw, write

torch.manual_seed(7)


def const(x):
    """An input that takes no gradient of its own."""
    return {"shape": list(x.shape), "values": x.reshape(-1).tolist()}


def given(reference, **tensors):
    return {**reference, **{name: const(value) for name, value in tensors.items()}}


def differences():
    x, y = draw(4, 5, scale=2), draw(4, 5, scale=2)
    y[0, 0] = x[0, 0]
    inputs = {"x": x, "y": y}
    return {
        "mean_squared_error": case(inputs, lambda x, y: F.mse_loss(x, y)),
        "mean_absolute_error": case(inputs, lambda x, y: F.l1_loss(x, y)),
        "huber": case(inputs, lambda x, y: F.huber_loss(x, y)),
        "huber_delta": case(inputs, lambda x, y: F.huber_loss(x, y, delta=2.5)),
    }


def labels():
    x, targets = draw(4, 5, scale=2), torch.rand(4, 5).round()
    extreme, sure = torch.tensor([1000.0, 1000.0, -1000.0, -1000.0]), torch.tensor([1.0, 0.0, 1.0, 0.0])
    shares = torch.rand(4, 5).float().double()
    signs = targets * 2 - 1

    def weighted(x, t, weight=1.0):
        return F.binary_cross_entropy_with_logits(x, t, pos_weight=torch.tensor(weight))

    return {
        "binary_cross_entropy": given(case({"x": x}, lambda x: weighted(x, shares)), targets=shares),
        "binary_cross_entropy_weighted": given(case({"x": x}, lambda x: weighted(x, targets, 3.5)), targets=targets),
        "binary_cross_entropy_extreme": given(case({"x": extreme}, lambda x: weighted(x, sure)), targets=sure),
        "hinge": given(case({"x": x}, lambda x: torch.clamp(1 - signs * x, min=0).mean()), targets=signs),
    }


def adversarial():
    real, made = draw(6, scale=2), draw(4, scale=2)
    both = {"real": real, "made": made}
    return {
        "gan_discriminator": case(both, lambda real, made: -(torch.log(torch.sigmoid(real)).mean() + torch.log(1 - torch.sigmoid(made)).mean())),
        "gan_discriminator_hinge": case(both, lambda real, made: F.relu(1 - real).mean() + F.relu(1 + made).mean()),
        "gan_generator_minimax": case({"made": made}, lambda made: torch.log(1 - torch.sigmoid(made)).mean()),
        "gan_generator_non_saturating": case({"made": made}, lambda made: -torch.log(torch.sigmoid(made)).mean()),
        "gan_generator_hinge": case({"made": made}, lambda made: -made.mean()),
    }


if __name__ == "__main__":
    write("loss_family", {**differences(), **labels(), **adversarial()}, __file__)
