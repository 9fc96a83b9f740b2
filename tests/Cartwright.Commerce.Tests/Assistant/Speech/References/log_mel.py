"""Log-mel energies by numpy in float64, as LogMelTests expects them. Run: python3 log_mel.py > log_mel.json"""
import json
import sys

import numpy as np

RATE, WINDOW, HOP, SIZE, BANDS, LOW, HIGH, QUIET = 16000, 400, 160, 512, 40, 60.0, 7600.0, 1e-7


def mel(f):
    return 2595 * np.log10(1 + f / 700)


def hertz(m):
    return 700 * (10 ** (m / 2595) - 1)


t = np.arange(1600) / RATE
signal = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.2 * np.sin(2 * np.pi * (1500 + 8000 * t) * t) + 0.05 * np.cos(2 * np.pi * 6000 * t)
edges = hertz(np.linspace(mel(LOW), mel(HIGH), BANDS + 2))
bins = np.arange(SIZE // 2 + 1) * RATE / SIZE
bank = np.array([np.maximum(0, np.minimum((bins - lo) / (mid - lo), (hi - bins) / (hi - mid)))
                 for lo, mid, hi in zip(edges, edges[1:], edges[2:])])
hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
rows = []
for start in range(0, len(signal) - WINDOW + 1, HOP):
    power = np.abs(np.fft.rfft(signal[start:start + WINDOW] * hann, SIZE)) ** 2
    rows.append(np.log(bank @ power + QUIET))
json.dump({"edges": [round(float(e), 4) for e in edges], "rows": [[round(float(x), 5) for x in rows[i]] for i in (0, 3, 7)]}, sys.stdout)
