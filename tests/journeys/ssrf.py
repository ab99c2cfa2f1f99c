"""Runs Courant inside a network of its own, where the names and addresses of a table of attacks are real and every
address that must not be reached has a listener that counts who comes.

    unshare -r -n -m python3 ssrf.py COURANT SUITE.jsonl FOLDER

Prints a JSON line a row: its id, how many connections the listeners saw, how many requests the public server got, and
whether that is right. The last line is a control: the same, where the settings allow all networks.
"""

import gzip, http.server, ipaddress, json, os, pathlib, socket, socketserver, struct, subprocess, sys, threading

PUBLIC = "93.184.216.34"
INNER = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.7", "::1", "fd00::1"]
PORTS = [80, 443]
WORDS = "The council said on Tuesday that the contract would be looked at again after two of its members had asked. " * 6


def network(folder):
    """Loopback with all addresses, and names answered from here."""
    run = lambda *command: subprocess.run(command, check=True, capture_output=True)
    run("ip", "link", "set", "lo", "up")
    for address in [PUBLIC, *INNER]:
        bits = 128 if ":" in address else 32
        if address not in ("127.0.0.1", "::1"):
            run("ip", "addr", "add", f"{address}/{bits}", "dev", "lo", *(["nodad"] if bits == 128 else []))
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    run("mount", "--bind", str(resolver), os.path.realpath("/etc/resolv.conf"))


class Names(threading.Thread):
    """A name server: each name has a list of answers, one after the other, the last for good."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.answers, self.asked = {}, {}

    def run(self):
        while True:
            query, sender = self.socket.recvfrom(512)
            at, labels = 12, []
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind, = struct.unpack("!H", query[at + 1:at + 3])
            name = ".".join(labels).lower()
            turns = self.answers.get(name, [[]])
            turn = self.asked.get(name, 0)
            if kind == 1:
                self.asked[name] = turn + 1
            addresses = [ipaddress.ip_address(a) for a in turns[min(turn, len(turns) - 1)]]
            chosen = [a for a in addresses if (a.version == 4) == (kind == 1) and kind in (1, 28)]
            head = query[:2] + struct.pack("!HHHHH", 0x8180 if name in self.answers else 0x8183, 1, len(chosen), 0, 0)
            records = b"".join(struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(a.packed)) + a.packed for a in chosen)
            self.socket.sendto(head + query[12:at + 5] + records, sender)


class Canary(threading.Thread):
    """A listener where nobody should come."""

    seen = 0

    def __init__(self, address, port):
        super().__init__(daemon=True)
        self.socket = socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            Canary.seen += 1
            connection.close()


class Origin(http.server.BaseHTTPRequestHandler):
    """The public server: answers as the row scripts it."""

    pages, asked = {}, []

    def do_GET(self):
        Origin.asked.append(self.path)
        status, headers, body = Origin.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def page(head="", body=""):
    html = f"<html lang=en><head><title>A contract</title><meta property=og:type content=article>{head}</head>" \
           f"<body><article><h1>A contract</h1><p>{WORDS}</p>{body}</article></body></html>"
    return 200, {"Content-Type": "text/html"}, html.encode()


def feed(link):
    text = f"<rss version='2.0'><channel><title>F</title><item><title>A contract</title><link>{link}</link></item></channel></rss>"
    return 200, {"Content-Type": "application/rss+xml"}, text.encode()


def script(row):
    """What the public server answers, and the lists of the outlet that is followed."""
    via, inner = row["input"].get("via"), "http://inner.test/"
    lists = {"feeds": ["http://feed.test/"], "sitemaps": []}
    if via is None:
        chain = row["input"]["chain"]
        if len(chain) == 1:
            return {"/": feed("http://feed.test/page"), "/page": page()}, lists
        status, to = chain[1].split(" ", 1)
        return {"/": (int(status), {"Location": to}, b"")}, lists
    heads = {
        "og:image/favicon": f"<meta property=og:image content={inner}><link rel=icon href={inner}>",
        "AMP link": f"<link rel=amphtml href={inner}>",
        "rel=canonical": f"<link rel=canonical href={inner}>",
        "meta refresh": f"<meta http-equiv=refresh content='0;url={inner}'>",
        "Link: rel=hub (WebSub)": f"<link rel=hub href={inner}>",
    }
    pages = {"/": feed("http://feed.test/page"), "/page": page(heads.get(via, ""))}
    if via == "srcset via image proxy":
        pages["/page"] = page(body=f"<img srcset='{inner} 2x' src={inner}>")
    elif via == "feed <link>":
        pages["/"] = feed(inner)
    elif via == "sitemap <loc>":
        lists = {"feeds": [], "sitemaps": ["http://feed.test/map.xml"]}
        text = f"<urlset><url><loc>{inner}</loc></url></urlset>"
        pages["/map.xml"] = (200, {"Content-Type": "application/xml"}, text.encode())
    elif via == "robots Sitemap:":
        pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, f"Sitemap: {inner}\n".encode())
    elif via == "OPML xmlUrl":
        lists["feeds"].append(inner)
    elif via not in heads and via != "WARC import target-URI":
        raise SystemExit(f"no script for {via}")
    if via == "Link: rel=hub (WebSub)":
        pages["/"][1]["Link"] = f"<{inner}>; rel=hub"
    return pages, lists


def warc(folder):
    body = page()[2]
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = ("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
            "WARC-Date: 2026-11-20T12:00:00Z\r\nWARC-Target-URI: http://inner.test/a\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n")
    path = folder / "inner.warc.gz"
    path.write_bytes(gzip.compress(head.encode() + block + b"\r\n\r\n"))
    return path


def crawl(courant, folder, lists, row, allowed=""):
    outlets = folder / "mine" / "outlets"
    outlets.mkdir(parents=True)
    (outlets / "feed.toml").write_text(
        f'name = "Feed"\nhosts = ["feed.test"]\nfeeds = {json.dumps(lists["feeds"])}\nsitemaps = {json.dumps(lists["sitemaps"])}\n')
    (folder / "courant.toml").write_text(
        '[catalogue]\nbundled = false\nfolder = "mine"\n[crawl]\ncontact = "https://desk.example/"\n'
        "connect_seconds = 2\nheader_seconds = 3\ntotal_seconds = 4\n"
        # Public as it is, it needs no leave; only the pause is shorter.
        f'[[crawl.local]]\nnetwork = "{PUBLIC}/32"\ngap_seconds = 0.0\n' + allowed)
    environment = {**os.environ, "COURANT_DATA_DIR": str(folder / "data")}
    run = lambda *command: subprocess.run([courant, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=100)
    if row["input"].get("via") == "WARC import target-URI":
        run("import", "warc", str(warc(folder)))
    # Once more, so that what the first visit learnt is asked for as well.
    return run("crawl", "--once"), run("crawl", "--once")


def main(courant, suite, folder):
    folder = pathlib.Path(folder)
    network(folder)
    names = Names()
    names.start()
    for address in INNER:
        for port in PORTS:
            Canary(address, port).start()
    threading.Thread(target=Server((PUBLIC, 80), Origin).serve_forever, daemon=True).start()
    rows = [json.loads(line) for line in open(suite, encoding="utf-8")]
    control = {"id": "control", "input": {"dns": [[PUBLIC]], "chain": ["http://feed.test/", "302 http://10.1.2.3/x"]}}
    for number, row in enumerate([*rows, control]):
        given = row["input"]
        names.asked.clear()
        via = given.get("via")
        names.answers = {"feed.test": [[PUBLIC]], "inner.test": given["dns"]} if via else {"feed.test": given["dns"]}
        Origin.pages, lists = script(row)
        Origin.asked, Canary.seen = [], 0
        place = folder / str(number)
        place.mkdir()
        allowed = '[[crawl.local]]\nnetwork = "0.0.0.0/0"\ngap_seconds = 0.0\n' if row is control else ""
        ended = crawl(courant, place, lists, row, allowed)
        panicked = any("panicked" in run.stderr or run.returncode not in (0, 1) for run in ended)
        # A crawler that asks for nothing at all would pass: where the first answer is public, it must have asked.
        reachable = via is not None or PUBLIC in given["dns"][0]
        wanted = "/page" if via and "/page" in Origin.pages and via not in ("feed <link>", "sitemap <loc>") else None
        asked = (wanted in Origin.asked if wanted else bool(Origin.asked)) or not reachable
        right = Canary.seen > 0 if row is control else Canary.seen == 0 and asked and not panicked
        told = "" if right else ended[0].stderr[-400:]
        print(json.dumps({"id": row["id"], "right": right, "inner": Canary.seen, "asked": Origin.asked, "told": told}), flush=True)


main(*sys.argv[1:])
