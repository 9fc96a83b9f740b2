"""Writes optimizer_family.json for OptimizerReferenceTests.cs: optimizers, and the rates of schedules.

    /usr/bin/python3 optimizer_family.py
"""
import torch

from make_references import optimizer_case, write

torch.manual_seed(13)
optim = torch.optim


class SparseRmsProp(torch.optim.Optimizer):
    """RMSprop over the rows that a gradient touches; PyTorch has none."""

    def __init__(self, parameters):
        super().__init__(parameters, {})

    def step(self):
        for weight in self.param_groups[0]["params"]:
            square = self.state[weight].setdefault("square", torch.zeros_like(weight))
            gradient = weight.grad.coalesce()
            rows, g = gradient.indices()[0], gradient.values()
            square[rows] = 0.9 * square[rows] + 0.1 * g * g
            weight.data[rows] -= 0.01 * g / (square[rows].sqrt() + 1e-8)


class MomentumAdagrad(torch.optim.Optimizer):
    """Adagrad with momentum of the divided steps, over the rows that a gradient touches; PyTorch has none."""

    def __init__(self, parameters):
        super().__init__(parameters, {})

    def step(self):
        for weight in self.param_groups[0]["params"]:
            kept = self.state[weight]
            total = kept.setdefault("sum", torch.zeros_like(weight))
            velocity = kept.setdefault("velocity", torch.zeros_like(weight))
            gradient = weight.grad.coalesce()
            rows, g = gradient.indices()[0], gradient.values()
            total[rows] += g * g
            velocity[rows] = 0.5 * velocity[rows] + 0.1 * g / (total[rows].sqrt() + 1e-10)
            weight.data[rows] -= velocity[rows]


def rates(make, steps, rate=0.5):
    """The rate before each step."""
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"rates": values}


def plateau(qualities, mode):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    schedule = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, factor=0.25, patience=2, threshold=0.0, eps=0.0)
    values = []
    for quality in qualities:
        schedule.step(quality)
        values.append(optimizer.param_groups[0]["lr"])
    return {"qualities": qualities, "rates": values}


if __name__ == "__main__":
    schedules = optim.lr_scheduler
    qualities = [0.1, 0.2, 0.15, 0.2, 0.19, 0.18, 0.17, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3]
    write("optimizer_family", {
        "adagrad": optimizer_case(lambda p: optim.Adagrad(p, lr=0.1)),
        "adagrad_begun": optimizer_case(lambda p: optim.Adagrad(p, lr=0.1, initial_accumulator_value=0.2)),
        "adagrad_decay": optimizer_case(lambda p: optim.Adagrad(p, lr=0.1, weight_decay=0.05)),
        "rms_prop": optimizer_case(lambda p: optim.RMSprop(p, lr=0.01)),
        "rms_prop_decay": optimizer_case(lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, weight_decay=0.05)),
        "sparse_sgd": optimizer_case(lambda p: optim.SGD(p, lr=0.1), sparse=True),
        "sparse_adagrad": optimizer_case(lambda p: optim.Adagrad(p, lr=0.1), sparse=True),
        "sparse_adagrad_momentum": optimizer_case(MomentumAdagrad, sparse=True),
        "sparse_rms_prop": optimizer_case(SparseRmsProp, sparse=True),
        "step_schedule": rates(lambda o: schedules.StepLR(o, step_size=3, gamma=0.5), 12),
        "cosine_schedule": rates(lambda o: schedules.CosineAnnealingLR(o, T_max=10, eta_min=0.125), 11),
        "one_cycle_schedule": rates(lambda o: schedules.OneCycleLR(o, max_lr=0.5, total_steps=21), 20),
        "plateau_schedule": plateau(qualities, "max"),
        "plateau_schedule_of_a_loss": plateau([1 - q for q in qualities], "min"),
    }, __file__)
