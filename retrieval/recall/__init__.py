"""Recall: query → candidates, one file a channel. What is decided here is decided by the query alone, not by filters.

Each channel first looks at the whole catalogue and fixes what counts as a match (how many words, how near). A filter
then only selects among matches. So a facet's count is what a click on it shows, as long as the list was not cut.
"""
