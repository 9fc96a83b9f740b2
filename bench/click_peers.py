"""The PyTorch side of `click-peers`: DCN-V2 and DeepFM over columns of categories, on the rows that it parts as ours does; one thread.

click_peers.py <table.csv[.gz]> <epochs>
Embeddings of 16, three crosses, hidden layers of 128 and 64, Adam at 0.001, batches of 1,024; stops after three epochs without a better AUC of the part that chooses.
"""
import copy
import gzip
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import torch
from sklearn.metrics import log_loss, roc_auc_score
from torch import nn

torch.set_num_threads(1)
path, epochs = sys.argv[1], int(sys.argv[2])
with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
    table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.int64)
labels, ids = table[:, 0].astype(np.float32), table[:, 1:]
part = (np.arange(len(table), dtype=np.uint64) * 2654435761 % 2**32 % 10).astype(int)
x, y = torch.from_numpy(ids), torch.from_numpy(labels)
parts = [torch.from_numpy(np.where(mask)[0]) for mask in (part > 1, part == 1, part == 0)]
count, fields = int(ids.max()) + 1, ids.shape[1]


def deep(size):
    return nn.Sequential(nn.Linear(size, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU())


class Dcn(nn.Module):
    def __init__(self):
        super().__init__()
        size = fields * 16
        self.ids = nn.Embedding(count, 16)
        nn.init.normal_(self.ids.weight, std=0.01)
        self.cross = nn.ModuleList(nn.Linear(size, size) for _ in range(3))
        self.deep, self.head = deep(size), nn.Linear(size + 64, 1)

    def forward(self, rows):
        first = self.ids(rows).flatten(1)
        crossed = first
        for layer in self.cross:
            crossed = first * layer(crossed) + crossed
        return self.head(torch.cat([crossed, self.deep(first)], 1)).squeeze(1)


class DeepFm(nn.Module):
    def __init__(self):
        super().__init__()
        self.ids, self.linear = nn.Embedding(count, 16), nn.Embedding(count, 1)
        nn.init.normal_(self.ids.weight, std=0.01)
        nn.init.zeros_(self.linear.weight)
        self.deep, self.head = deep(fields * 16), nn.Linear(64, 1)

    def forward(self, rows):
        each = self.ids(rows)
        pairs = 0.5 * (each.sum(1) ** 2 - (each ** 2).sum(1)).sum(1)
        return self.linear(rows).sum((1, 2)) + pairs + self.head(self.deep(each.flatten(1))).squeeze(1)


@torch.no_grad()
def chances(model, rows):
    return torch.cat([torch.sigmoid(model(x[some])) for some in rows.split(4096)]).double().numpy()


for name, make in (("DCN-V2, PyTorch " + torch.__version__, Dcn), ("DeepFM, PyTorch " + torch.__version__, DeepFm)):
    torch.manual_seed(1)
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    best, kept, since, seconds, done = -1, None, 0, 0, 0
    while done < epochs and since < 3:
        start = time.process_time()
        for some in parts[0][torch.randperm(len(parts[0]))].split(1024):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(model(x[some]), y[some]).backward()
            optimizer.step()
        seconds, done = seconds + time.process_time() - start, done + 1
        auc = roc_auc_score(labels[parts[1]], chances(model, parts[1]))
        best, kept, since = (auc, copy.deepcopy(model.state_dict()), 0) if auc > best else (best, kept, since + 1)
    model.load_state_dict(kept)
    told = chances(model, parts[2])
    print(f"| {name} | {done} | {roc_auc_score(labels[parts[2]], told):.5f} | {log_loss(labels[parts[2]], told):.5f} | {seconds / done:.2f} |", flush=True)
