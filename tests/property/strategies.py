"""Texts of every kind a title or a query may be: shop talk, model numbers, and what Unicode has to offer."""

from __future__ import annotations

from hypothesis import strategies as st

_ANY = st.characters(exclude_categories=())
"""All code points, lone surrogates and unassigned ones included."""
_TRICKY = st.sampled_from(
    "\u0301\u0323\u200b\u00adΣςσİıßﬁ㎖㎏½Ⅲ②ﾞﾟ゙ㄱㅏㅗ\u1100\u1161\u11a8連電乾臺々〇𠮷豈\ud800\udc00\x00\u3000\ufdfa"
)
_JOINED = st.sampled_from(
    [
        "e\u200b\u0301",
        "ㄱㅏ",
        "\u1100\u1161\u11a8",
        "가\u11a8",
        "ｶﾞ",
        "ﾊﾟ",
        "\u09c7\u09be",
        "1\ufe0f\u20e3",
        "👨\u200d👩",
        "ΟΣ",
        "𠀀𠀀",
    ]
)
"""Characters that are one together, or are written otherwise beside each other than alone."""
_SHOP = st.sampled_from("花包女男红色连衣裙手机壳保温杯新款送妈妈的斤寸升毫abcxz0123456789０ＡＬ㎝ -_/.+%&#，！【】×")

any_text = st.lists(st.one_of(_SHOP, _TRICKY, _JOINED, _ANY), max_size=30).map("".join)
shop_text = st.text(_SHOP, max_size=24)
"""Texts whose pieces have the normal form that they have in the whole: nothing in them depends on its neighbours."""
