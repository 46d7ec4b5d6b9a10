"""Every command of `xunhuo`, and how its answers look in a terminal."""
