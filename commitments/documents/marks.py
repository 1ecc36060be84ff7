"""A signature as it is printed: a drawing, a typed name or a scan. The template is documents/_mark.html."""

import base64
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.documents import drawings, strokes
from commitments.models import Signature
from commitments.states import Method


@dataclass(frozen=True)
class Mark:
    signature: Signature

    @property
    def image(self) -> str:
        """The address under which the paper asks for the drawing."""
        return f"sig:{self.signature.pk}"

    def images(self) -> dict[str, drawings.Vector]:
        """What the renderer must know to draw it; nothing for typed names and scans."""
        if self.signature.method != Method.DRAWN:
            return {}
        return {self.image: drawings.signature(strokes.outline_of(self.signature))}

    @property
    def scan(self) -> str:
        """A scan as a data address; the fetcher knows no other."""
        return data_address(self.signature.scan)

    @property
    def size_class(self) -> str:
        """Long typed names get smaller letters."""
        length = len(self.signature.printed_name)
        return "longer" if length > 34 else "long" if length > 20 else ""

    @property
    def method(self) -> str:
        """Digambar; Diketik; Tinta basah, dipindai."""
        return str(Method(self.signature.method).label)

    @property
    def hosted(self) -> str:
        """, didampingi Nama: after the method, where somebody stood beside the signer."""
        name = self.signature.host_name
        return _(", didampingi %(name)s") % {"name": name} if name else ""


def data_address(png: bytes | memoryview | None) -> str:
    return "data:image/png;base64," + base64.b64encode(bytes(png or b"")).decode()
