"""Writes the manual as web pages: docs/**/*.md and the tables that `heteroglass describe` prints from the program itself.

Each page is one self-contained HTML file. A link that leads nowhere is an error. With --readme the table of analyses in
README.md is rewritten instead.
"""

import argparse
import base64
import html
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent
ANALYSES = re.compile(r"(<!-- analyses -->\n).*?(<!-- /analyses -->)", re.DOTALL)

STYLE = """
body{margin:0;font:16px/1.55 system-ui,sans-serif;color:#1d2733;background:#fff;display:flex}
nav{flex:0 0 15rem;box-sizing:border-box;height:100vh;position:sticky;top:0;overflow:auto;padding:1.2rem;background:#f4f6f8;font-size:.9rem}
nav h2{font-size:.75rem;text-transform:uppercase;letter-spacing:.05em;color:#5c6b7a;margin:1.2rem 0 .2rem}
nav a{display:block;padding:.12rem 0;color:#24496e;text-decoration:none}nav a[aria-current]{font-weight:600;color:#000}
main{flex:1;min-width:0;max-width:54rem;padding:1.2rem 2.5rem 4rem}
h1,h2,h3{line-height:1.25}code,pre{font:.88em ui-monospace,monospace;background:#f4f6f8;border-radius:3px}
code{padding:.1em .25em}pre{padding:.8rem;overflow:auto}pre code{padding:0;background:none}
table{border-collapse:collapse;display:block;overflow-x:auto;font-size:.92em}th,td{border:1px solid #d5dce3;padding:.3rem .55rem;text-align:left;vertical-align:top}
th{background:#f4f6f8}img{max-width:100%}a{color:#1a5fa8}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto}main{padding:1rem}}
"""


def analyses():
    """Paths of the registry, in its order."""
    return ["/".join(m) for m in re.findall(r"^HETEROGLASS_ANALYSIS\((\w+), (\w+)\)", (TREE / "src/analyses.def").read_text(), re.M)]


class Program:
    def __init__(self, path):
        self.path = path

    def output(self, *arguments):
        return subprocess.run([self.path, *arguments], check=True, capture_output=True, text=True).stdout

    def summaries(self):
        """{family/name: one line} from `heteroglass list`: a line with the family, then an indented line for each analysis."""
        found, family = {}, ""
        for line in self.output("list").splitlines():
            if line and not line[0].isspace():
                family = line.strip()
            elif line.strip():
                name, summary = line.split(maxsplit=1)
                found[f"{family}/{name.replace('-', '_')}"] = summary.strip()
        return found

    def tables(self, path):
        """Options and results of an analysis as Markdown."""
        return self.output("describe", *path.split("/"), "--markdown")


def table_of_analyses(summaries, prefix):
    rows = ["| analysis | what it finds |", "|---|---|"]
    rows += [f"| [`{path}`]({prefix}{path}.md) | {summaries[path]} |" for path in analyses()]
    return "\n".join(rows) + "\n"


def sources():
    """{path in the tree: path of the page}, in the order of the manual."""
    pages = {"docs/index.md": "index.html"}
    for name in ("getting-started", "own-data", "measured-curves", "measured-images", "studies", "lammps", "potentials", "conventions"):
        pages[f"docs/{name}.md"] = f"{name}.html"
    for path in analyses():
        pages[f"docs/{path}.md"] = f"{path}.html"
    for other in sorted((TREE / "docs").rglob("*.md")):
        pages.setdefault(str(other.relative_to(TREE)), str(other.relative_to(TREE / "docs").with_suffix(".html")))
    for example in sorted((TREE / "examples").rglob("README.md")):
        folder = example.parent.relative_to(TREE)
        pages[str(example.relative_to(TREE))] = f"{folder}.html" if str(folder) != "examples" else "examples/index.html"
    pages["CONTRIBUTING.md"] = "contributing.html"
    pages["CHANGELOG.md"] = "changelog.html"
    return {source: page for source, page in pages.items() if (TREE / source).exists()}


def markdown_of(source, program, summaries):
    text = (TREE / source).read_text()
    if source == "docs/index.md":
        text = ANALYSES.sub(lambda m: m[1] + table_of_analyses(summaries, "") + m[2], text)
    path = source.removeprefix("docs/").removesuffix(".md")
    if path in analyses():
        tables = program.tables(path)
        at = text.find("\n## Output\n")
        text = text[: at + 1] + tables.strip() + "\n\n" + text[at + 1 :] if at >= 0 else text + tables
    return text


def title_of(source):
    for line in (TREE / source).read_text().splitlines():
        if line.startswith("# "):
            return line[2:].strip()
    return source


def navigation(pages, current):
    here = pathlib.PurePosixPath(pages[current]).parent
    out, heading = [], None
    for source, page in pages.items():
        parts = source.split("/")
        group = "heteroglass" if parts[0] != "docs" and parts[0] != "examples" or len(parts) == 2 and parts[0] == "docs" else parts[-2]
        group = "examples" if parts[0] == "examples" else group
        if group != heading:
            out.append(f"<h2>{html.escape(group)}</h2>")
            heading = group
        mark = ' aria-current="page"' if source == current else ""
        label = title_of(source).removeprefix(f"{group}/")
        out.append(f'<a href="{os.path.relpath(page, here)}"{mark}>{html.escape(label)}</a>')
    return "\n".join(out)


def embedded(image):
    kind = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg"}[image.suffix]
    return f"data:{kind};base64,{base64.b64encode(image.read_bytes()).decode()}"


class Links:
    """Turns links between Markdown files into links between pages, and remembers what leads nowhere."""

    def __init__(self, pages):
        self.pages, self.broken, self.wanted = pages, [], []

    def convert(self, source, body):
        here = pathlib.PurePosixPath(source).parent

        def replace(match):
            attribute, target = match[1], html.unescape(match[2])
            if re.match(r"(https?:|mailto:|data:)", target):
                return match[0]
            file, _, anchor = target.partition("#")
            path = os.path.normpath(here / file) if file else source
            if attribute == "src":
                if (TREE / path).is_file():
                    return f'src="{embedded(TREE / path)}"'
            elif path in self.pages:
                self.wanted.append((source, self.pages[path], anchor))
                relative = os.path.relpath(self.pages[path], pathlib.PurePosixPath(self.pages[source]).parent)
                return f'href="{relative}{"#" + anchor if anchor else ""}"'
            elif (TREE / path).exists():
                return 'class="file"'  # a file of the tree: named, not linked
            self.broken.append(f"{source}: link to {target} leads nowhere")
            return match[0]

        return re.sub(r'(href|src)="([^"]*)"', replace, body)

    def check_anchors(self, written):
        for source, page, anchor in self.wanted:
            if anchor and f'id="{anchor}"' not in written[page]:
                self.broken.append(f"{source}: {page} has no anchor #{anchor}")


def converter():
    import markdown  # Debian: python3-markdown

    md = markdown.Markdown(extensions=["tables", "toc", "fenced_code", "sane_lists"])
    md.preprocessors.deregister("html_block")  # <n3,n4,n5,n6> is text, not a tag
    md.inlinePatterns.deregister("html")
    return lambda text: md.reset().convert(re.sub(r"<!--.*?-->\n?", "", text))


def build(program, output):
    convert = converter()
    summaries = program.summaries()
    pages = sources()
    links, written = Links(pages), {}
    for source, page in pages.items():
        body = links.convert(source, convert(markdown_of(source, program, summaries)))
        written[page] = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(title_of(source))} - heteroglass</title><style>{STYLE}</style></head>\n"
            f"<body><nav>{navigation(pages, source)}</nav><main>{body}</main></body></html>\n"
        )
    links.check_anchors(written)
    if links.broken:
        sys.exit("\n".join(links.broken))
    for page, text in written.items():
        file = output / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    print(f"{output / 'index.html'}: {len(written)} pages")


def rewrite_readme(program):
    readme = TREE / "README.md"
    table = table_of_analyses(program.summaries(), "docs/")
    readme.write_text(ANALYSES.sub(lambda m: m[1] + table + m[2], readme.read_text()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the built heteroglass")
    parser.add_argument("--output", type=pathlib.Path, help="folder of the pages")
    parser.add_argument("--readme", action="store_true", help="rewrite the table of analyses in README.md and stop")
    arguments = parser.parse_args()
    program = Program(os.path.abspath(arguments.program))
    if arguments.readme:
        rewrite_readme(program)
    else:
        build(program, arguments.output)


if __name__ == "__main__":
    main()
