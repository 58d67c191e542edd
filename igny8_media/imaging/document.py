"""A PDF of JPEG pages: their bytes as they are, neither decoded nor compressed a second time."""

import io
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

from igny8_media.imaging.frame import Size

_POINT = 144 / 72  # pixels: pages open at a size that suits a screen


def jpeg_document(pages: Sequence[bytes], size: Size, title: str) -> bytes:
    """A PDF of RGB JPEGs, each `size` pixels, one filling each page.

    It carries no date, so that the same pages are the same bytes.
    """
    document = PdfWriter()
    for page in pages:
        _add_page(document, page, size)
    document.add_metadata({"/Title": title})
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _add_page(document: PdfWriter, jpeg: bytes, size: Size) -> None:
    width, height = (side / _POINT for side in size)
    image = _stream(
        jpeg,
        Type=NameObject("/XObject"),
        Subtype=NameObject("/Image"),
        Width=NumberObject(size[0]),
        Height=NumberObject(size[1]),
        ColorSpace=NameObject("/DeviceRGB"),
        BitsPerComponent=NumberObject(8),
        Filter=NameObject("/DCTDecode"),
    )
    drawing = _stream(f"{width:g} 0 0 {height:g} 0 0 cm /Slide Do".encode())
    page = document.add_blank_page(width, height)
    # pypdf offers no other way to add an object; its own guide uses this one.
    shown = DictionaryObject({NameObject("/Slide"): document._add_object(image)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): shown})
    page[NameObject("/Contents")] = document._add_object(drawing)


def _stream(data: bytes, **entries: NameObject | NumberObject) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    stream.update({NameObject(f"/{name}"): value for name, value in entries.items()})
    return stream
