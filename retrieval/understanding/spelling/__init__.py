"""Other spellings of a query: pinyin, slips, look-alikes."""
