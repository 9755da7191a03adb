"""OFD files for the tests, laid out as GB/T 33190 has it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LEFT, SIZE = 28.0, 5.6
# So many Chinese characters fill a line of an A4 page.
LINE = 27


@dataclass
class OfdPage:
    """A page under way; places are in millimetres from its upper left corner."""

    objects: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, size: float = SIZE) -> "OfdPage":
        # Writers name a step once for a run of characters: g, how many, how far.
        steps = f"g {len(text) - 1} {size}" if len(text) > 1 else ""
        self.objects.append(
            f'<ofd:TextObject ID="{len(self.objects) + 100}" Font="3" Size="{size}" '
            f'Boundary="{x} {y} {len(text) * size} {size}">'
            f'<ofd:TextCode X="0" Y="{size * 0.86}" DeltaX="{steps}">{escape(text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
        return self

    def paragraphs(self, text: str, *, top: float = 30.0) -> "OfdPage":
        y = top
        for paragraph in text.split("\n"):
            rest = "\u3000\u3000" + paragraph
            while rest:
                line, rest = rest[:LINE], rest[LINE:]
                indent = len(line) - len(line.lstrip("\u3000"))
                self.text(LEFT + indent * SIZE, y, line.lstrip("\u3000"))
                y += 10
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "OfdPage":
        self.objects.append(
            f'<ofd:PathObject ID="{len(self.objects) + 100}" Boundary="{x0} {y0} {x1 - x0} '
            f'{y1 - y0}"><ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData>'
            "</ofd:PathObject>"
        )
        return self

    def table(self, rows: Sequence[Sequence[str]], *, top: float = 60.0) -> "OfdPage":
        width, height, columns = 45.0, 10.0, len(rows[0])
        bottom = top + height * len(rows)
        for number in range(len(rows) + 1):
            y = top + number * height
            self.rule(LEFT, y, LEFT + columns * width, y)
        for number in range(columns + 1):
            x = LEFT + number * width
            self.rule(x, top, x, bottom)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self.text(LEFT + column * width + 2, top + number * height + 2, text, size=3.5)
        return self

    def picture(self, resource: int) -> "OfdPage":
        self.objects.append(
            f'<ofd:ImageObject ID="{len(self.objects) + 100}" ResourceID="{resource}" '
            'Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
        )
        return self


def make_ofd(path: Path, pages: Sequence[OfdPage], *, title: str = "", header: str = "") -> Path:
    """Write the file; a header stands in a template page that all pages use."""
    links = "".join(
        f'<ofd:Page ID="{number + 10}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(len(pages))
    )
    template = '<ofd:TemplatePage ID="4" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if header else ""
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.writestr(
            "OFD.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NAMESPACE} DocType="OFD" '
            f'Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title>'
            "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        package.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>900</ofd:MaxUnitID>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{template}</ofd:CommonData>"
            f"<ofd:Pages>{links}</ofd:Pages></ofd:Document>",
        )
        package.writestr(
            "Doc_0/PublicRes.xml",
            f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/>'
            '</ofd:Fonts><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
            "<ofd:MediaFile>scan.jb2</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
        )
        package.writestr("Doc_0/Res/scan.jb2", b"no picture that anybody reads")
        if header:
            package.writestr(
                "Doc_0/Tpls/Tpl_0/Content.xml", _page(OfdPage().text(LEFT, 12, header), "")
            )
        use = '<ofd:Template TemplateID="4" ZOrder="Background"/>' if header else ""
        for number, page in enumerate(pages):
            package.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", _page(page, use))
    return path


def _page(page: OfdPage, use: str) -> str:
    return (
        f"<ofd:Page {NAMESPACE}>{use}<ofd:Content><ofd:Layer ID='2' Type='Body'>"
        f"{''.join(page.objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    )
