"""A small client of the service on http.client, to test the emulator with: it can do everything wrong."""
import contextlib
import http.client
import json
import socket
import threading
import urllib.parse

MODEL = "wan2.2-animate-move"
CREATE = "/services/aigc/image2video/video-synthesis"
BOUNDARY = "0123456789boundary"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The error code, of the API or of the object storage."""
        if self.headers["content-type"] == "application/xml":
            return self.body.decode().split("<Code>")[1].split("</Code>")[0]
        return self.json["code"]


def form(fields):
    """A multipart/form-data body of (name, value) in this order."""
    parts = []
    for name, value in fields:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if name == "file":
            head += '; filename="a.jpg"\r\nContent-Type: image/jpeg'
        parts.append(head.encode() + b"\r\n\r\n" + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Client:
    def __init__(self, service):
        self.service = service
        self.netloc = urllib.parse.urlsplit(service.root).netloc
        self.auth = {"Authorization": "Bearer " + service.KEY}

    def send(self, method, target, body=None, headers=None, timeout=30):
        """One request on a connection of its own; target is a path with query, or a URL."""
        connection = http.client.HTTPConnection(self.netloc, timeout=timeout)
        try:
            connection.request(method, target.removeprefix(self.service.root), body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def _request(self, method, path):
        body = json.dumps(self.body()) if method == "POST" else ""
        return (f"{method} /api/v1{path} HTTP/1.1\r\nHost: {self.netloc}\r\nContent-Type: application/json\r\n"
                f"Authorization: {self.auth['Authorization']}\r\nX-DashScope-Async: enable\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def crowd(self, method, path, times):
        """Sends a request so many times, reads all answers (each must be a 200), and returns the books."""
        host, port = self.netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=120) as connection:
            sender = threading.Thread(target=self._send_all, args=(connection, self._request(method, path) * times))
            sender.start()
            left, tail = times, b""
            while left > 0:
                part = connection.recv(1 << 20)
                assert part, "it hung up"
                text = tail + part
                left -= text.count(b"HTTP/1.1 200 ")
                tail = text[-12:]  # one byte short of what is counted
            sender.join()
        return self.service.books()

    def burst(self, method, path, times, until):
        """Sends a request many times without waiting for answers, so that it is quick on a slow machine, too; returns
        what came back up to some bytes."""
        request = self._request(method, path)
        host, port = self.netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            sender = threading.Thread(target=self._send_all, args=(connection, request * times))
            sender.start()
            seen = b""
            while until not in seen:
                part = connection.recv(65536)
                assert part, "it hung up"
                seen += part
            connection.shutdown(socket.SHUT_RDWR)
            sender.join()
        return seen

    @staticmethod
    def _send_all(connection, data):
        with contextlib.suppress(OSError):  # the other thread has seen enough
            connection.sendall(data)

    def get(self, path, **more):
        return self.send("GET", "/api/v1" + path, headers=self.auth, **more)

    @staticmethod
    def body(**changes):
        """The body of a create; a change is by dotted path with '__', and None removes the member."""
        body = {"model": MODEL,
                "input": {"image_url": "https://example.com/a.jpg", "video_url": "https://example.com/b.mp4"},
                "parameters": {"mode": "wan-std"}}
        for path, value in changes.items():
            *parents, name = path.split("__")
            part = body
            for parent in parents:
                part = part[parent]
            if value is None:
                del part[name]
            else:
                part[name] = value
        return body

    def create(self, body=None, headers=None, drop=(), **more):
        every = {**self.auth, "Content-Type": "application/json", "X-DashScope-Async": "enable", **(headers or {})}
        every = {name: value for name, value in every.items() if name not in drop}
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body or self.body())
        return self.send("POST", "/api/v1" + CREATE, raw, every, **more)

    def task(self):
        """Makes a task and returns its id."""
        return self.create().json["output"]["task_id"]

    def query(self, task):
        return self.get("/tasks/" + task)

    def result_url(self, task):
        return self.query(task).json["output"]["results"]["video_url"]

    def cancel(self, task):
        return self.send("POST", f"/api/v1/tasks/{task}/cancel", headers=self.auth)

    def policy(self):
        return self.get("/uploads?action=getPolicy&model=" + MODEL).json["data"]

    @staticmethod
    def fields(issued, name="a.jpg", data=b"\xff\xd8 a picture", **changes):
        """The fields of an upload, in the documented order; a change of None leaves one out."""
        fields = {"OSSAccessKeyId": issued["oss_access_key_id"], "Signature": issued["signature"],
                  "policy": issued["policy"], "x-oss-object-acl": issued["x_oss_object_acl"],
                  "x-oss-forbid-overwrite": issued["x_oss_forbid_overwrite"],
                  "key": issued["upload_dir"] + "/" + name, "success_action_status": "200", "file": data}
        fields.update({key.replace("_", "-") if key.startswith("x_") else key: value
                       for key, value in changes.items()})
        return [(key, value) for key, value in fields.items() if value is not None]

    def upload(self, fields, headers=None, target="/"):
        head = {"Content-Type": "multipart/form-data; boundary=" + BOUNDARY, **(headers or {})}
        return self.send("POST", target, form(fields), head)
