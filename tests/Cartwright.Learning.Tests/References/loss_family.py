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


def classes():
    logits, targets, ignored = draw(5, 6, scale=2), [2, 0, -100, 5, 2], -100
    weights = torch.tensor([0.5, 1.0, 2.5, 0.0, 1.5, 3.0])
    extreme = torch.tensor([[1000.0, 0.0, -1000.0], [-500.0, 500.0, 499.0]])

    def smoothed(logits, smoothing=0.0, weight=None, targets=targets):
        return F.cross_entropy(logits, torch.tensor(targets), weight=weight, label_smoothing=smoothing, ignore_index=ignored)

    return {
        "label_smoothing": case({"logits": logits}, lambda logits: smoothed(logits, 0.1), targets=targets),
        "class_weights": case({"logits": logits}, lambda logits: smoothed(logits, weight=weights), targets=targets),
        "smoothing_and_weights": case({"logits": logits}, lambda logits: smoothed(logits, 0.25, weights), targets=targets),
        "label_smoothing_extreme": case({"logits": extreme}, lambda logits: smoothed(logits, 0.1, targets=[1, 2]), targets=[1, 2]),
    }


def bpr_max(scores, targets, regularization):
    """Hidasi and Karatzoglou 2018, as written there, row by row."""
    losses = []
    for row, target in zip(scores, targets):
        others = torch.cat([row[:target], row[target + 1:]])
        shares = torch.softmax(others, 0)
        losses.append(-torch.log((shares * torch.sigmoid(row[target] - others)).sum()) + regularization * (shares * others ** 2).sum())
    return torch.stack(losses).mean()


def top1_max(scores, targets, regularization):
    losses = []
    for row, target in zip(scores, targets):
        others = torch.cat([row[:target], row[target + 1:]])
        terms = torch.sigmoid(others - row[target]) + regularization * torch.sigmoid(others ** 2)
        losses.append((torch.softmax(others, 0) * terms).sum())
    return torch.stack(losses).mean()


def rankings():
    positives, negatives = draw(4, scale=2), draw(4, 9, scale=2)
    scores, targets = draw(4, 11, scale=2), [3, 0, 10, 3]
    anchors, near, far = draw(5, 6), draw(5, 6), draw(5, 6)
    far[1] = anchors[1] + 4                                   # far enough: no loss
    near[2] = anchors[2]
    queries, keys = draw(5, 6), draw(5, 6)

    def distill(student, teacher, temperature):
        p, q = F.log_softmax(student / temperature, -1), F.softmax(teacher / temperature, -1)
        return F.kl_div(p, q, reduction="batchmean") * temperature ** 2

    teacher = draw(4, 11, scale=2)
    return {
        "bpr": case({"positives": positives, "negatives": negatives}, lambda positives, negatives: -F.logsigmoid(positives[:, None] - negatives).mean()),
        "bpr_max": case({"scores": scores}, lambda scores: bpr_max(scores, targets, 0.0), targets=targets),
        "bpr_max_regularized": case({"scores": scores}, lambda scores: bpr_max(scores, targets, 1.5), targets=targets),
        "top1_max": case({"scores": scores}, lambda scores: top1_max(scores, targets, 1.0), targets=targets),
        "triplet": case({"anchors": anchors, "positives": near, "negatives": far},
                        lambda anchors, positives, negatives: F.triplet_margin_loss(anchors, positives, negatives, margin=2.0)),
        "info_nce": case({"queries": queries, "keys": keys}, lambda queries, keys: F.cross_entropy(queries @ keys.T / 0.25, torch.arange(5))),
        "distillation": given(case({"student": scores}, lambda student: distill(student, teacher, 3.0)), teacher=teacher),
        "distillation_extreme": given(case({"student": torch.tensor([[1000.0, -1000.0, 0.0]])},
                                           lambda student: distill(student, torch.tensor([[-1000.0, 1000.0, 5.0]]), 2.0)),
                                      teacher=torch.tensor([[-1000.0, 1000.0, 5.0]])),
    }


def distributions():
    mean, log_variance, targets = draw(4, 5, scale=2), draw(4, 5), draw(4, 5, scale=2)
    quantiles, amounts = draw(6, 3, scale=2), torch.tensor([0.0, 1.5, 0.0, 20.0, 0.25, 3.0])
    levels = torch.tensor([0.125, 0.5, 0.875])
    positive_mean, dispersion = draw(12).exp().float().double(), (draw(12) * 2).exp().float().double()
    counts = torch.tensor([0.0, 1, 2, 3, 0, 40, 7, 1, 0, 250, 5, 1])
    dispersion[3] = 0.0009765625                              # all but Poisson
    outputs = draw(6, 3, scale=2)
    extreme = torch.tensor([[1000.0, 3.0, 1.0], [-1000.0, 1.0, 1000.0], [1000.0, -2.0, 0.5], [-1000.0, 0.0, -1.0], [0.0, 1.0, 30.0], [5.0, 1.0, 2.0]])

    def gaussian(mean, log_variance):
        variance = log_variance.exp()
        return F.gaussian_nll_loss(mean, targets, variance, full=True, eps=1e-6)

    def pinball(x):
        d = amounts[:, None] - x
        return torch.maximum(levels * d, (levels - 1) * d).mean()

    def negative_binomial(mean, dispersion):
        return -torch.distributions.NegativeBinomial(1 / dispersion, logits=torch.log(dispersion * mean)).log_prob(counts).mean()

    def zero_inflated(x):
        bought = (amounts > 0).double()
        chance = F.binary_cross_entropy_with_logits(x[:, 0], bought)
        density = torch.distributions.LogNormal(x[:, 1], torch.clamp(F.softplus(x[:, 2]), min=1e-7 ** 0.5))
        return chance - (bought * density.log_prob(torch.where(amounts > 0, amounts, torch.ones(())))).mean()

    def divergence(mean, log_variance):
        normal = torch.distributions.Normal(mean, (log_variance / 2).exp())
        return torch.distributions.kl_divergence(normal, torch.distributions.Normal(0.0, 1.0)).sum(-1).mean()

    inputs = {"mean": mean, "log_variance": log_variance}
    return {
        "gaussian_likelihood": given(case(inputs, gaussian), targets=targets),
        "gaussian_divergence": case(inputs, divergence),
        "pinball": given(case({"x": quantiles}, pinball), targets=amounts, levels=levels),
        "negative_binomial": given(case({"mean": positive_mean, "dispersion": dispersion}, negative_binomial), counts=counts),
        "zero_inflated": given(case({"outputs": outputs}, lambda outputs: zero_inflated(outputs)), targets=amounts),
        "zero_inflated_extreme": given(case({"outputs": extreme}, lambda outputs: zero_inflated(outputs)), targets=amounts),
    }


if __name__ == "__main__":
    write("loss_family", {**differences(), **labels(), **adversarial(), **classes(), **rankings(), **distributions()}, __file__)
