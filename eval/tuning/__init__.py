"""Teaches e5 from graded judgments: what a tuning is learned with (`xunhuo train-encoder`, docs/relevance.md).

The data's way: `judged` (lists of judged titles, and what the rest of ranking says of them) → `network` (e5 in torch)
→ `tokens` (late interaction) → `lesson` (what is wrong with what they say) → `learn` (steps) → `store` (the file) →
`measure` (as served).
"""
