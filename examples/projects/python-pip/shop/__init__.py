from flask import Flask

from .orders import total


def create_app():
    app = Flask(__name__)

    @app.get("/total/<int:count>")
    def show(count):
        return {"total": total(count)}

    return app
