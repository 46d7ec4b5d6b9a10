"""Late interaction: the tokens of a title are encoded beforehand, those of a query when it comes, and meet in ranking.

Khattab & Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over BERT",
SIGIR 2020. An encoder makes both sides (`retrieval.late.encoder.TokenEncoder`), a title's lie in its forward row.
"""
