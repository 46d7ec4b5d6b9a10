"""The write side of live changes: checked, prepared, written, and then put into the journal."""
