"""Writes privacy.json for PrivacyAccountantTests.cs: Renyi divergences by integration, and the epsilons that follow.

    /usr/bin/python3 privacy.py

The accountant sums a series; here the integral that the divergence is defined by is computed on a grid: the expectation under N(0, noise^2) of
(density of (1 - q) N(0, noise^2) + q N(1, noise^2) / density of N(0, noise^2)) ^ order. The grid goes on until nothing is left at its ends.
It prints epsilons by the older conversion, for which published examples exist: 1.18 for the MNIST tutorial of TensorFlow Privacy
(60,000 examples, batches of 250, noise 1.3, 15 epochs, delta 1e-5), and 1.26 for q = 0.01, noise 4, 10,000 steps, delta 1e-5
(Abadi et al. 2016, section 3.2).
"""
import math

import numpy as np

from make_references import write

ORDERS = list(range(2, 64)) + [72, 80, 96, 128, 160, 192, 256, 384, 512]


def divergence(q, noise, order):
    start, end, count = -40 * noise, order + 40 * noise, 400_000
    step = (end - start) / count
    z = start + step * np.arange(count + 1)
    log_density = -z * z / (2 * noise ** 2) - math.log(noise * math.sqrt(2 * math.pi))
    log_ratio = np.logaddexp(math.log1p(-q), math.log(q) + (2 * z - 1) / (2 * noise ** 2))
    exponent = log_density + order * log_ratio
    top = exponent.max()
    return (top + math.log(np.exp(exponent - top).sum() * step)) / (order - 1)


def epsilon(q, noise, steps, delta):
    return min(steps * divergence(q, noise, a) + math.log1p(-1 / a) - (math.log(delta) + math.log(a)) / (a - 1) for a in ORDERS)


def older_epsilon(q, noise, steps, delta):
    return min((steps * divergence(q, noise, a) - math.log(delta) / (a - 1), a) for a in ORDERS)


if __name__ == "__main__":
    print(older_epsilon(250 / 60000, 1.3, 3600, 1e-5), older_epsilon(0.01, 4, 10_000, 1e-5))
    divergences = [(0.01, 4.0, 2), (0.01, 4.0, 32), (0.01, 1.0, 5), (0.25, 1.5, 3), (0.001, 0.7, 4), (0.5, 2.0, 64)]
    epsilons = [(250 / 60000, 1.3, 3600, 1e-5), (0.01, 4.0, 10_000, 1e-5), (0.01, 1.1, 1000, 1e-5), (0.2, 1.5, 200, 1e-3)]
    write("privacy", {
        "divergences": {"settings": [list(d) for d in divergences], "values": [divergence(*d) for d in divergences]},
        "epsilons": {"settings": [list(e) for e in epsilons], "values": [epsilon(*e) for e in epsilons]},
    }, __file__)
