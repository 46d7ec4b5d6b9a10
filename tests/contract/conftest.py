"""Failures in the shared contract classes show their values, as those in test files do."""

import pytest

pytest.register_assert_rewrite(
    "tests.contract.amending",
    "tests.contract.batches",
    "tests.contract.divider",
    "tests.contract.gone",
    "tests.contract.kinds",
    "tests.contract.malls",
    "tests.contract.publication",
    "tests.contract.recall",
    "tests.contract.selection",
    "tests.contract.feeding",
)
