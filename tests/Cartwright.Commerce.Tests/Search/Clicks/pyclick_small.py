"""Writes pyclick_small.json: a small click log and what PyClick makes of it.

    python3 pyclick_small.py <checkout of github.com/markovi/PyClick>

The log is drawn here from a cascade with a fixed seed. PyClick is read from the checkout and is no part of this repository; the file holds
numbers alone: the parameters that its expectation maximization settles at after 3,000 iterations (PBM, UBM), its counts (SDBN), and its own
LogLikelihood and Perplexity of the pages under its parameters. DBN is left out: its E-step there is no exact one, so nothing settles where ours does.
"""
import json, os, random, sys

sys.path.insert(0, os.path.abspath(sys.argv[1]))
from pyclick.click_models.Evaluation import LogLikelihood, Perplexity
from pyclick.click_models.Inference import EMInference
from pyclick.click_models.PBM import PBM
from pyclick.click_models.SDBN import SDBN
from pyclick.click_models.UBM import UBM
from pyclick.search_session.SearchResult import SearchResult
from pyclick.search_session.SearchSession import SearchSession

draw = random.Random(7)
LENGTH = 10                                       # PyClick's own containers and measures hold ten places
log, sessions = [], []
for page in range(400):
    query = "q%d" % draw.randrange(3)
    shown = ["p%d" % p for p in draw.sample(range(12), LENGTH)]
    clicked, looks = [], True
    for place, product in enumerate(shown, 1):
        attraction = (1 + int(product[1:]) + 3 * int(query[1:])) % 12 / 16
        if looks and draw.random() < attraction:
            clicked.append(place)
            looks = draw.random() < 0.6
        looks = looks and draw.random() < 0.85
    log.append([query, shown, clicked])
    session = SearchSession(query)
    session.web_results = [SearchResult(product, int(place in clicked)) for place, product in enumerate(shown, 1)]
    sessions.append(session)


def pairs(container):
    return {query + " " + product: param.value() for query, products in container._container.items() for product, param in products.items()}


def said(model, **parameters):
    return dict(logLikelihood=LogLikelihood().evaluate(model, sessions), perplexity=Perplexity().evaluate(model, sessions)[0], **parameters)


def trained(model, iterations=None):
    if iterations is not None:
        model._inference = EMInference(iterations)
    model.train(sessions)
    return model


pbm = trained(PBM(), 3000)
ubm = trained(UBM(), 3000)
sdbn = trained(SDBN())
ubm_cells = ubm.params[ubm.param_names.exam]
result = dict(
    log=log,
    pbm=said(pbm, attraction=pairs(pbm.params[pbm.param_names.attr]), examination=[p.value() for p in pbm.params[pbm.param_names.exam]._container]),
    # PyClick keeps "no click above" in the column of the last place.
    ubm=said(ubm, attraction=pairs(ubm.params[ubm.param_names.attr]),
             examination=[[ubm_cells.get(rank, last if last >= 0 else LENGTH - 1).value() for last in range(-1, rank)] for rank in range(LENGTH)]),
    sdbn=said(sdbn, attraction=pairs(sdbn.params[sdbn.param_names.attr]), satisfaction=pairs(sdbn.params[sdbn.param_names.sat])),
)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pyclick_small.json"), "w") as f:
    json.dump(result, f, separators=(",", ":"))
    f.write("\n")
