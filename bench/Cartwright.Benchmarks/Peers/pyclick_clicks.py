"""PyClick's click models on a shop folder's searches.csv, split as `cartwright search evaluate-clicks` splits them.

    python3 pyclick_clicks.py <checkout of github.com/markovi/PyClick> <shop folder> [models] [searches]

Prints a JSON line per model: seconds of training, its own LogLikelihood and Perplexity. The first three quarters of the searches train, the
later ones test whose query was trained on. PyClick's own limit is ten places; longer pages are cut there. models: SDBN,PBM,UBM,DBN (DBN takes
hours on 20,000 searches); searches: the first so many, all where it is left out.
"""
import csv, gzip, importlib, json, os, sys, time

sys.path.insert(0, os.path.abspath(sys.argv[1]))
from pyclick.click_models.Evaluation import LogLikelihood, Perplexity
from pyclick.search_session.SearchResult import SearchResult
from pyclick.search_session.SearchSession import SearchSession

path = os.path.join(sys.argv[2], "searches.csv")
lines = gzip.open(path + ".gz", "rt", encoding="utf-8") if os.path.exists(path + ".gz") else open(path, encoding="utf-8")
sessions = []
for row in csv.DictReader(lines):
    shown = row["shown"].split()[:10]
    clicked = set(map(int, row.get("clicked", "").split()))
    if shown:
        session = SearchSession(row["query"])
        session.web_results = [SearchResult(product, int(place in clicked)) for place, product in enumerate(shown, 1)]
        sessions.append(session)

sessions = sessions[:int(sys.argv[4])] if len(sys.argv) > 4 else sessions
cut = int(len(sessions) * 0.75)
train = sessions[:cut]
known = {session.query for session in train}
test = [session for session in sessions[cut:] if session.query in known]
print(json.dumps(dict(train=len(train), test=len(test))), flush=True)
for name in (sys.argv[3] if len(sys.argv) > 3 else "SDBN,PBM,UBM").split(","):
    model = getattr(importlib.import_module("pyclick.click_models." + name), name)()
    begun = time.time()
    model.train(train)
    seconds = time.time() - begun
    print(json.dumps(dict(model=name.lower(), trainSeconds=round(seconds, 3), logLikelihood=round(LogLikelihood().evaluate(model, test), 5),
                          perplexity=round(Perplexity().evaluate(model, test)[0], 5))), flush=True)
