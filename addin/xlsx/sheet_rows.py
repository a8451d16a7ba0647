"""The rows of a sheet: its XML in one piece, of which a row is cut out when it is asked for."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Self, TypeVar

_Xml = TypeVar("_Xml", bytes, memoryview)
_NOTHING: Mapping[int, bytes] = MappingProxyType({})


class SheetRows(Mapping[int, bytes]):
    """Row number to its XML, with the blanks before it, in order."""

    def __init__(
        self, xml: bytes, numbers: array[int], ends: array[int], exchanged: Mapping[int, bytes] = _NOTHING
    ) -> None:
        self._kept: bytes | None = xml
        self._again: Callable[[], bytes] | None = None
        self._numbers, self._ends = numbers, ends
        self._exchanged = exchanged
        """Rows that stand in place of those of the XML."""

    @property
    def _xml(self) -> bytes:
        if self._kept is None:
            assert self._again is not None
            self._kept = self._again()
        return self._kept

    def let_go(self, again: Callable[[], bytes]) -> None:
        """Forget the XML; it is read again when it is needed."""
        self._kept, self._again = None, again

    @classmethod
    def of(cls, rows: Mapping[int, bytes]) -> Self:
        """Rows that are there one by one, in order."""
        xml = list(rows.values())
        return cls(b"".join(xml), array("L", rows), array("Q", accumulate(map(len, xml))))

    def __getitem__(self, number: int) -> bytes:
        if number in self._exchanged:
            return self._exchanged[number]
        index = bisect_left(self._numbers, number)
        if index == len(self._numbers) or self._numbers[index] != number:
            raise KeyError(number)
        return self._xml[self._begin(index) : self._ends[index]]

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        index = bisect_left(self._numbers, number)
        return index < len(self._numbers) and self._numbers[index] == number

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def _begin(self, index: int) -> int:
        return self._ends[index - 1] if index else 0

    def between(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """The rows from one number to another, with their numbers."""
        begin, end = bisect_left(self._numbers, first), bisect_right(self._numbers, last)
        at = self._begin(begin)
        for number, ends in zip(self._numbers[begin:end], self._ends[begin:end], strict=True):
            yield number, self._exchanged[number] if number in self._exchanged else self._xml[at:ends]
            at = ends

    def pieces(self) -> Iterator[bytes]:
        """The XML of all rows, in as few pieces as there are."""
        return self._cut(self._xml)

    def views(self) -> Iterator[bytes | memoryview]:
        """The same pieces, without a copy of what stays as it is."""
        return self._cut(memoryview(self._xml))

    def _cut(self, xml: _Xml) -> Iterator[bytes | _Xml]:
        at = 0
        for number in sorted(self._exchanged):
            index = bisect_left(self._numbers, number)
            yield xml[at : self._begin(index)]
            yield self._exchanged[number]
            at = self._ends[index]
        yield xml[at : self._begin(len(self))]

    def holding(self, *texts: bytes, after: int = 0) -> list[int]:
        """The numbers of the rows after one that hold one of some texts, none of which reaches from row to row."""
        found = set()
        begin = self._begin(bisect_right(self._numbers, after))
        for text in texts:
            at = self._xml.find(text, begin)
            while 0 <= at < self._begin(len(self)):
                index = bisect_right(self._ends, at)
                found.add(self._numbers[index])
                at = self._xml.find(text, self._ends[index])
        found.difference_update(self._exchanged)
        exchanged = (number for number, row in self._exchanged.items() if any(text in row for text in texts))
        found.update(number for number in exchanged if number > after)
        return sorted(found)

    def with_rows(self, rows: Mapping[int, bytes]) -> SheetRows:
        """These with some rows exchanged or added."""
        if not set(rows).difference(self._numbers):
            return SheetRows(self._xml, self._numbers, self._ends, {**self._exchanged, **rows})
        return SheetRows.of(dict(sorted({**self, **rows}.items())))
