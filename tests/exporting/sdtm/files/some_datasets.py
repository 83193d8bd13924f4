"""Datasets by chance, with values of every kind that XPT can hold and nothing to do with SDTM."""

from decimal import Decimal

from hypothesis import strategies as st

from napari_recist.exporting.sdtm.dataset import Dataset, DataType, Value, Variable

ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
TEXTS = st.text(ASCII, max_size=200).map(lambda text: text.rstrip(" "))
NUMBERS = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(-(10**9), 10**9, places=4),
    st.decimals(Decimal("-1e-9"), Decimal("1e-9"), places=20),
    st.none(),
)
NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,7}", fullmatch=True)
LABELS = st.text(ASCII, min_size=1, max_size=40).map(lambda text: text.strip(" ") or "X")


@st.composite
def datasets(draw: st.DrawFn, key: str = "X") -> Dataset:
    """Return a dataset; the first variable of each record begins with the key."""
    names = draw(st.lists(NAMES, unique=True, min_size=2, max_size=8))
    numeric = [False, *(draw(st.booleans()) for _ in names[1:])]
    variables = tuple(
        Variable(name, draw(LABELS), DataType.NUM if number else DataType.CHAR, "Topic", "Exp")
        for name, number in zip(names, numeric, strict=True)
    )

    def values(place: int) -> st.SearchStrategy[Value]:
        if not place:
            return TEXTS.map(lambda text: key + text[: 200 - len(key)].rstrip(" "))
        return NUMBERS if numeric[place] else TEXTS

    row = st.fixed_dictionaries({name: values(place) for place, name in enumerate(names)})
    rows = tuple(draw(st.lists(row, min_size=1, max_size=6)))
    return Dataset(draw(NAMES), draw(LABELS), "One record per chance", (names[0],), variables, rows)
