"""A web server of media that can misbehave in every way that a test asks for, and keeps books of what it was asked.

    with MediaServer() as server:
        url = server.put("/dance.mp4", data, ranges=False)
        ...
        assert server.sent("/dance.mp4") < 65536
"""
import http.server
import re
import threading


class Request:
    """One request as it was received. sent: bytes of the body that went out."""

    def __init__(self, handler):
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.range = self.headers.get("range")
        self.connection = handler.client_address[1]
        self.sent = 0


class Page:
    """What stands behind a path.

    data        the file
    kind        its Content-Type; None: none is told
    ranges      whether ranges are given
    length      whether a Content-Length is told (else the end of the connection ends the file)
    status      any but 200: that, with a page of HTML
    location    redirects there
    headers     further headers: a dict, or a function of the number of this request of the path, from 0
    delay       seconds before the answer
    drip        bytes that are sent at a time, with a pause of 50 ms
    cut         bytes of the body after which the connection breaks
    lie         a function (first, last, total) -> the Content-Range that is told
    change      a function (number of the request, Page) called before each answer
    """

    def __init__(self, data=b"", kind="video/mp4", ranges=True, length=True, status=200, location=None, headers=None,
                 delay=0, drip=0, cut=None, lie=None, change=None):
        self.data, self.kind, self.ranges, self.length, self.status = data, kind, ranges, length, status
        self.location, self.headers, self.delay, self.drip, self.cut = location, headers, delay, drip, cut
        self.lie, self.change = lie, change


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        request = Request(self)
        self.server.requests.append(request)
        path = self.path.split("?")[0]
        page = self.server.pages.get(path)
        number = sum(1 for each in self.server.requests if each.path.split("?")[0] == path) - 1
        if not page:
            page = Page(status=404)
        if page.change:
            page.change(number, page)
        if page.delay:
            self.server.stopping.wait(page.delay)
        try:
            self.answer(request, page, page.headers(number) if callable(page.headers) else page.headers or {})
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, request, page, headers):
        if page.location:
            self.begin(302, {"Location": page.location, "Content-Length": "0", **headers})
            return
        if page.status != 200:
            body = b"<!DOCTYPE html><html><body>no</body></html>"
            self.begin(page.status, {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers})
            self.send(request, body, page)
            return
        if page.kind:
            headers = {"Content-Type": page.kind, **headers}
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range or "")
        if not page.ranges or not span:
            self.whole(request, page, headers)
            return
        total = len(page.data)
        first, last = int(span[1]), min(int(span[2] or total), total - 1)
        if first >= total:
            self.begin(416, {"Content-Range": f"bytes */{total}", "Content-Length": "0", **headers})
            return
        told = page.lie(first, last, total) if page.lie else f"bytes {first}-{last}/{total}"
        body = page.data[first:last + 1]
        if told:
            headers = {"Content-Range": told, **headers}
        self.begin(206, {"Content-Length": str(len(body)), **headers})
        self.send(request, body, page)

    def whole(self, request, page, headers):
        if page.length:
            headers = {"Content-Length": str(len(page.data)), **headers}
        else:
            headers = {"Connection": "close", **headers}
            self.close_connection = True
        self.begin(200, headers)
        self.send(request, page.data, page)

    def begin(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, request, body, page):
        cut = page.cut is not None and page.cut < len(body)
        if cut:
            body = body[:page.cut]
        step = page.drip or 65536
        for at in range(0, len(body), step):
            part = body[at:at + step]
            self.wfile.write(part)
            request.sent += len(part)
            if page.drip and self.server.stopping.wait(0.05):
                break
        if cut or self.server.stopping.is_set():
            self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


class MediaServer:
    def __enter__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.pages, self.server.requests, self.server.stopping = {}, [], threading.Event()
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def put(self, path, data=b"", **behaviour):
        """Puts a page there and returns its URL."""
        self.server.pages[path] = Page(data, **behaviour)
        return self.root + path

    def requests(self, path=None):
        return [each for each in self.server.requests if path is None or each.path.split("?")[0] == path]

    def sent(self, path=None):
        """Bytes of bodies that went out."""
        return sum(each.sent for each in self.requests(path))
