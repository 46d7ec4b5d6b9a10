"""平台治理 at ingest: each listing is looked at by rules, and blocked, demoted or flagged (docs/governance.md)."""
