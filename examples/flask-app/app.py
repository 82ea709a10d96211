"""A page of recipes, one JSON answer and a static file: enough of an application to be worth an image.

    python app.py           serve on port 8000 (or $PORT)
    python app.py --check   ask itself for every page, say what came, and end
"""

import os
import signal
import sys

from flask import Flask, abort, jsonify, render_template

RECIPES = {
    "millefeuille": {
        "title": "Mille-feuille",
        "layers": ["puff pastry", "pastry cream", "puff pastry", "pastry cream", "puff pastry", "icing"],
    },
    "opera": {
        "title": "Opéra",
        "layers": ["almond sponge", "coffee cream", "ganache", "almond sponge", "coffee cream", "glaze"],
    },
}

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html", recipes=RECIPES)


@app.get("/recipes/<name>.json")
def recipe(name):
    if name not in RECIPES:
        abort(404)
    return jsonify(RECIPES[name])


@app.get("/health")
def health():
    return {"status": "ok"}


def check():
    """Asks for each page through the application itself, without a socket."""
    client = app.test_client()
    expected = {
        "/": (200, b"Mille-feuille"),
        "/recipes/opera.json": (200, b"ganache"),
        "/recipes/none.json": (404, b""),
        "/static/style.css": (200, b"font-family"),
        "/health": (200, b"ok"),
    }
    failed = 0
    for path, (status, text) in expected.items():
        answer = client.get(path)
        good = answer.status_code == status and text in answer.data
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {answer.status_code} {path}")
    return 1 if failed else 0


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(check())
    # The first process of a container gets no default reaction to SIGTERM: without this line it would not stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8000")))
