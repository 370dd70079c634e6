"""A notebook over a WebSocket, as Jupyter's and Streamlit's are: remembers what was assigned, and answers what is asked."""
import asyncio
import os

import tornado.web
import tornado.websocket

names = {}


class Cells(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        name, _, expression = message.rpartition("=")
        value = eval(expression, {"__builtins__": {}}, names)
        if name:
            names[name.strip()] = value
        self.write_message(repr(value))


class Page(tornado.web.RequestHandler):
    def get(self):
        self.write("<title>Notebook</title>")


async def serve():
    tornado.web.Application([("/", Page), ("/cells", Cells)]).listen(int(os.environ["PORT"]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(serve())
