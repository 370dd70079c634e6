"""Orders, kept in a file beside this one."""
import json
import pathlib

from flask import Flask, request

app = Flask(__name__)
kept = pathlib.Path("orders.json")


@app.route("/orders", methods=["GET", "POST"])
def orders():
    known = json.loads(kept.read_text()) if kept.exists() else []
    if request.method == "POST" and request.get_json() not in known:
        known.append(request.get_json())
        kept.write_text(json.dumps(known))
    return known
